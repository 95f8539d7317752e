//! A reference leads to a model.

use orm::{Many2One, Model};

#[derive(Debug)]
pub struct Category;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    category: Many2One<Category>,
}

fn main() {}
