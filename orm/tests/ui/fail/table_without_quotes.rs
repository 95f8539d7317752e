//! The table is text.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = products)]
pub struct Product {
    name: String,
}

fn main() {}
