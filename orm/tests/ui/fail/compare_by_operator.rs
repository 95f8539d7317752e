//! A condition is made by methods: Rust's own operators compare values.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

fn main() {
    let _ = Product::NAME == "Lamp";
}
