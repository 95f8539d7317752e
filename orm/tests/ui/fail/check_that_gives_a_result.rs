//! A check gathers faults, it returns nothing.

use orm::{Invalid, Model, Result};

fn whole(_: &Product, _: &mut Invalid) -> Result<()> {
    Ok(())
}

#[derive(Debug, Model)]
#[model(table = "products", check = whole)]
pub struct Product {
    name: String,
}

fn main() {}
