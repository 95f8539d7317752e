//! Several names have commas between them, and a minus says from the largest.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", unique = "name number", order = "number desc", display = "name, number")]
pub struct Product {
    name: String,
    number: i64,
}

fn main() {}
