//! How long changes are remembered is said in days.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", history = "1 year")]
pub struct Product {
    name: String,
}

fn main() {}
