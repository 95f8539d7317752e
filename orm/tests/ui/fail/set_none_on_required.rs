//! A field without `Option` is always there.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

fn main() {
    Product::NAME.set(None);
}
