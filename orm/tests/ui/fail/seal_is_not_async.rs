//! A seal takes its time, so it is asynchronous.

use orm::{Model, Result, Secret};

fn hash(text: String) -> Result<String> {
    Ok(text)
}

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    #[field(seal = hash)]
    password: Secret,
}

fn main() {}
