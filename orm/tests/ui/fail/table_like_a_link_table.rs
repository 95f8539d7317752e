//! `products__tags` is the link table of `Product::tags`.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "price__rules")]
pub struct Product {
    name: String,
}

fn main() {}
