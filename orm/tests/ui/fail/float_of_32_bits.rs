//! A float has 64 bits, and money is a decimal.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    price: f32,
}

fn main() {}
