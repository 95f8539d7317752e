//! A reference leads somewhere.

use orm::{Many2One, Model};

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product {
    category: Option<Many2One>,
}

fn main() {}
