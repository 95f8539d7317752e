//! A choice is handed around by value.

use orm::Selection;

#[derive(Debug, Selection)]
pub enum Kind {
    Goods,
    Service,
}

fn main() {}
