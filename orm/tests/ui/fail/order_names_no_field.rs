//! Lists are sorted by fields.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", order = "-prise, name")]
pub struct Product {
    name: String,
    price: i64,
}

fn main() {}
