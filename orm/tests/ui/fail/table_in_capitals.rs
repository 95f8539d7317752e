//! The table is also the name of the collection in URLs.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "Products")]
pub struct Product {
    name: String,
}

fn main() {}
