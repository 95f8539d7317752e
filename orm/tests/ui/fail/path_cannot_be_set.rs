//! A change is of one record.

use orm::{Many2One, Model};

#[derive(Debug, Model)]
#[model(table = "categories")]
pub struct Category {
    name: String,
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    category: Many2One<Category>,
}

fn main() {
    Product::CATEGORY.to(Category::NAME).set("Books");
}
