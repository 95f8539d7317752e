//! Another model is reached by a reference, not held.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "categories")]
pub struct Category {
    pub name: String,
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    category: Category,
}

fn main() {}
