//! A check of the record, and one beside what it was, have options of their own.

use orm::{Changed, Invalid, Model};

fn stays(_: &Changed<'_, Product>, _: &mut Invalid) {}

#[derive(Debug, Model)]
#[model(table = "products", check = stays)]
pub struct Product {
    name: String,
}

fn main() {}
