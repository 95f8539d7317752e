//! A record owns its texts.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "products")]
pub struct Product<'a> {
    name: &'a str,
}

fn main() {}
