//! The options of a field stand in an attribute of its own.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[model(unique)]
    name: String,
}

fn main() {}
