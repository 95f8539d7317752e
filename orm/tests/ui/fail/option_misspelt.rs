//! A letter is missing.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(uniqe)]
    name: String,
}

fn main() {}
