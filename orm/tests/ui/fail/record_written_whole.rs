//! What is written is a set of changes, never a whole record.

use orm::{Model, Session};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

async fn create(session: &Session) {
    let _ = Product::create(session, Product { name: "Lamp".to_owned() }).await;
}

fn main() {}
