//! Whether a field is absent is a question of its own.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    note: Option<String>,
}

fn main() {
    Product::NOTE.eq(None);
}
