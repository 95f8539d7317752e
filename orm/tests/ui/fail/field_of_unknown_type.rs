//! Not every type is a column.

use std::collections::HashMap;

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    names: HashMap<String, String>,
}

fn main() {}
