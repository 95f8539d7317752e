//! The field that stands for a record is one of its fields.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", display = "nam")]
pub struct Product {
    name: String,
}

fn main() {}
