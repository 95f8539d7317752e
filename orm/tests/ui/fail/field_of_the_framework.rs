//! Every table has these already.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    id: i64,
    name: String,
}

fn main() {}
