//! Keywords make poor columns and worse JSON.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    r#type: String,
}

fn main() {}
