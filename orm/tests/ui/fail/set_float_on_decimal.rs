//! `9.99` is not 9.99 in binary.

use orm::{Decimal, Model};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    price: Decimal,
}

fn main() {
    Product::PRICE.set(9.99);
}
