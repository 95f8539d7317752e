//! There is nothing to choose.

use orm::Selection;

#[derive(Debug, Clone, Copy, Selection)]
pub enum Kind {}

fn main() {}
