//! One set of changes is of one model.

use orm::{Model, Session};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    name: String,
}

#[derive(Debug, Model)]
#[model(table = "categories")]
pub struct Category {
    name: String,
}

async fn create(session: &Session) {
    let _ = Product::create(session, [Product::NAME.set("Lamp"), Category::NAME.set("Light")]).await;
}

fn main() {}
