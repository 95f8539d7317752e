//! What the author fills in needs a hook that does, and no default.

use orm::Model;

#[derive(Debug, Model)]
#[model(table = "sales")]
pub struct Sale {
    #[field(filled)]
    number: String,
    #[field(filled, default = 1)]
    place: i32,
}

fn main() {}
