//! What a field follows from are fields of its model.

use orm::{Computed, Model};

fn doubled(count: i32) -> i32 {
    count * 2
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(compute = doubled(cuont), stored)]
    stored: Computed<i32>,
    #[field(compute = doubled(self))]
    at_read: Computed<i32>,
    #[field(sql = "{cuont} * 2")]
    in_sql: Computed<i32>,
}

fn main() {}
