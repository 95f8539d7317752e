//! A secret has no way out, not even by guessing.

use orm::{Model, Secret};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    password: Secret,
}

fn main() {
    Product::PASSWORD.eq("1234");
}
