//! A letter is missing.

use orm::Selection;

#[derive(Debug, Clone, Copy, Selection)]
pub enum Kind {
    #[selection(lable = "Things")]
    Goods,
}

fn main() {}
