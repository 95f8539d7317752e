//! What other modules add has a variant of its own.

use orm::Selection;

#[derive(Clone, Copy, Selection)]
#[selection(open)]
pub enum Kind {
    Person,
    Other,
}

fn main() {}
