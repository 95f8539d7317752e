//! A hook may ask the database, so it is asynchronous.

use orm::{ChangeSet, Model, Result, Session};

fn check(_: &Session, _: &ChangeSet<Product>) -> Result<()> {
    Ok(())
}

#[derive(Debug, Model)]
#[model(table = "products", after = check)]
pub struct Product {
    name: String,
}

fn main() {}
