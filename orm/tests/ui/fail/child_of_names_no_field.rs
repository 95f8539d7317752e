//! The parent is behind a reference.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", child_of = "sale")]
pub struct Product {
    name: String,
}

fn main() {}
