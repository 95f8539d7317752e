//! Reading could not tell them apart.

use orm::Selection;

#[derive(Debug, Clone, Copy, Selection)]
pub enum Kind {
    Goods,
    #[selection(value = "goods")]
    Service,
}

fn main() {}
