//! How long, then?

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(max)]
    name: String,
}

fn main() {}
