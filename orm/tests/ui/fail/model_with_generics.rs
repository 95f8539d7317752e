//! One struct, one table.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "bundles")]
pub struct Bundle<T> {
    content: T,
}

fn main() {}
