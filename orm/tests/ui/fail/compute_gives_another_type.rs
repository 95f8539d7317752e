//! A computed field holds what its function gives.

use orm::{Computed, Model};

fn doubled(count: i32) -> i64 {
    i64::from(count) * 2
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = doubled(count), stored)]
    twice: Computed<i32>,
}

fn main() {}
