//! A list is a relation, or JSON.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    words: Vec<String>,
}

fn main() {}
