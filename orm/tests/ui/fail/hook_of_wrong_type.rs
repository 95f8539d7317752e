//! A hook gets the session and what is written.

use orm::{Model, Result, Session};

async fn check(_: &Session) -> Result<()> {
    Ok(())
}

#[derive(Debug, Model)]
#[model(table = "products", before = check)]
pub struct Product {
    name: String,
}

fn main() {}
