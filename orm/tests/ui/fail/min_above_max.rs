//! Nothing is between them.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(min = 10, max = 1)]
    rank: i16,
}

fn main() {}
