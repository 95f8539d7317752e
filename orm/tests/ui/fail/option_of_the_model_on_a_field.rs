//! The model is private, never one field.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(private)]
    name: String,
}

fn main() {}
