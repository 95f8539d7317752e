//! One of the two would win, and nobody would know which.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(max = 20, max = 200)]
    name: String,
}

fn main() {}
