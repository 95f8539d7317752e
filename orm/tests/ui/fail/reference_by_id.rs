//! A reference is of a type that knows where it leads.

use orm::{Id, Model};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    whole: Id<Product>,
}

fn main() {}
