//! A decimal has 28 digits.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(scale = 40)]
    price: i64,
}

fn main() {}
