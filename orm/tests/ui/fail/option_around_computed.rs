//! What is computed may give nothing; the field itself is there.

use orm::{Computed, Model};

fn half(count: i32) -> Option<i32> {
    (count % 2 == 0).then_some(count / 2)
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = half(count), stored)]
    half: Option<Computed<i32>>,
}

fn main() {}
