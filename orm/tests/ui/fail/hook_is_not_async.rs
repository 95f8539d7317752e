//! A hook may ask the database, so it is asynchronous.

use orm::{Model, Result, Session, WriteSet};

fn check(_: &Session, _: &WriteSet<'_>) -> Result<()> {
    Ok(())
}

#[derive(Debug, Model)]
#[model(table = "products", after = check)]
pub struct Product {
    name: String,
}

fn main() {}
