//! The records of a collection hold the reference.

use orm::{Model, One2Many};

#[derive(Debug, Model)]
#[model(table = "categories")]
pub struct Category {
    name: String,
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(inverse = "parent")]
    parts: One2Many<Category>,
}

fn main() {
    Product::PARTS.set([1]);
}
