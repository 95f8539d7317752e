//! Options have `=`.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(max(200))]
    name: String,
}

fn main() {}
