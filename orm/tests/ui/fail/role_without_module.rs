//! Roles are named after the module that brings them.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(read = "manager")]
    name: String,
}

fn main() {}
