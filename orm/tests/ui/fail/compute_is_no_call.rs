//! A computed field is a function of the fields that it names.

use orm::{Computed, Model};

fn doubled(count: i32) -> i32 {
    count * 2
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = doubled, stored)]
    twice: Computed<i32>,
    #[field(compute = doubled(count + 1), stored)]
    more: Computed<i32>,
    #[field(stored)]
    lost: i32,
}

fn main() {}
