//! A function gets the inputs that are declared, and no others.

use orm::{Computed, Model};

fn product(count: i32, price: i32) -> i32 {
    count * price
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = product(count), stored)]
    total: Computed<i32>,
}

fn main() {}
