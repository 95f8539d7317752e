//! A number is not made of text.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    rank: i16,
}

fn main() {
    Product::RANK.set("12");
}
