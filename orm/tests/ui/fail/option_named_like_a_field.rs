//! In a body, an option stands beside the fields.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", options = "name")]
pub struct Product {
    name: String,
}

fn main() {}
