//! Only a child has a parent to touch.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", touch)]
pub struct Product {
    name: String,
}

fn main() {}
