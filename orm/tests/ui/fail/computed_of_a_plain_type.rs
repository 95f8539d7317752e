//! Nobody sets what is computed, and its type says so.

use orm::Model;

fn doubled(count: i32) -> i32 {
    count * 2
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = doubled(count), stored)]
    twice: i32,
}

fn main() {}
