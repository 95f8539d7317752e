//! No boolean is greater than another.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    active: bool,
}

fn main() {
    Product::ACTIVE.gt(false);
}
