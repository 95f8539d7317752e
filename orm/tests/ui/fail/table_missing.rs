//! Every model has a table.

use orm::Model;

#[derive(Debug, Model)]
pub struct Product {
    name: String,
}

fn main() {}
