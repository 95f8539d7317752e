//! Text and numbers do not meet.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

fn main() {
    Product::NAME.eq(12);
}
