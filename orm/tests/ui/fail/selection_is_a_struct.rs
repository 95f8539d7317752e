//! A record is a model.

use orm::Selection;

#[derive(Debug, Clone, Copy, Selection)]
pub struct Kind {
    name: u8,
}

fn main() {}
