//! Text is in text.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    rank: i16,
}

fn main() {
    Product::RANK.contains("1");
}
