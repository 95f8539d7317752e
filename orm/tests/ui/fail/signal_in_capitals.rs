//! A signal is named like a table.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", signal = "Rights; drop")]
pub struct Product {
    name: String,
}

fn main() {}
