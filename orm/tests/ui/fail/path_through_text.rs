//! Only a reference leads on.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "categories")]
pub struct Category {
    name: String,
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

fn main() {
    Product::NAME.to(Category::NAME);
}
