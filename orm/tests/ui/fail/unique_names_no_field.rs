//! What no two records share is fields.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", unique = "company, name")]
pub struct Product {
    name: String,
}

fn main() {}
