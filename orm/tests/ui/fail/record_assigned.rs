//! A record that was read is not changed in place.

use orm::{Model, Record};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

fn rename(product: &mut Record<Product>) {
    product.name = "Lamp".to_owned();
}

fn main() {}
