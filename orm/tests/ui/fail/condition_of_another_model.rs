//! A condition is about one model.

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
    Product::NAME.eq("Lamp").and(Category::NAME.eq("Light"));
}
