//! A flag is there or it is not.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(search = true)]
    name: String,
}

fn main() {}
