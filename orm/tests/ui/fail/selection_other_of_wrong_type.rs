//! What other modules add is a `Choice`.

use orm::Selection;

#[derive(Clone, Copy, Selection)]
#[selection(open)]
pub enum Kind {
    Person,
    Other(u8),
}

fn main() {}
