//! Rules look at fields.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", scope_index = "owners")]
pub struct Product {
    owner: String,
}

fn main() {}
