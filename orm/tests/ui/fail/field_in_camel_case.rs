//! The field is the name in JSON too.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    listPrice: i64,
}

fn main() {}
