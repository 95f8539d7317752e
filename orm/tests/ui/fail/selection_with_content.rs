//! A choice is stored as a word.

use orm::Selection;

#[derive(Debug, Clone, Copy, Selection)]
pub enum Kind {
    Goods,
    Service(u8),
}

fn main() {}
