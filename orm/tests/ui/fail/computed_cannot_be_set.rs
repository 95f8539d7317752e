//! Nobody writes what follows from others.

use orm::{Computed, Model};

fn doubled(count: i32) -> i32 {
    count * 2
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = doubled(count), stored)]
    twice: Computed<i32>,
}

fn main() {
    let _ = Product::TWICE.set(4);
}
