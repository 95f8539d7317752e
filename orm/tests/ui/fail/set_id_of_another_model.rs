//! An id knows whose it is.

use orm::{Id, Many2One, Model};

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
    Product::CATEGORY.set(Id::<Product>::new(1));
}
