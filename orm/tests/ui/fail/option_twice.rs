//! A field is absent in one way.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: Option<Option<String>>,
}

fn main() {}
