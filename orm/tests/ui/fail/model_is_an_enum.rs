//! A list of choices is a selection.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "kinds")]
pub enum Kind {
    Goods,
}

fn main() {}
