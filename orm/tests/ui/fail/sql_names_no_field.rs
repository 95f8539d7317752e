//! An expression is one expression, over columns in braces.

use orm::{Computed, Model};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    count: i32,
    #[field(sql = "count * 2")]
    twice: Computed<i32>,
    #[field(sql = "{count}; drop table products")]
    more: Computed<i32>,
}

fn main() {}
