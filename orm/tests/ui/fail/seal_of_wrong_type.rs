//! A seal makes text out of text.

use orm::{Model, Result, Secret};

async fn hash(text: String) -> Result<usize> {
    Ok(text.len())
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(seal = hash)]
    password: Secret,
}

fn main() {}
