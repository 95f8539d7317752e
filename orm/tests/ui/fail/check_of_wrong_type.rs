//! A check gets the record and a place for its faults.

use orm::{Invalid, Model};

fn is_named(_: &mut Invalid) {}

#[derive(Debug, Model)]
#[model(table = "products", check = is_named)]
pub struct Product {
    name: String,
}

fn main() {}
