//! There are three sets of routes.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products", routes = "readonly")]
pub struct Product {
    name: String,
}

fn main() {}
