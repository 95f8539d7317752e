//! Only what is archived can be left out.

use orm::Model;

#[derive(Model)]
#[model(table = "notes", unique = "name unless archived")]
pub struct Note {
    pub name: String,
}

fn main() {}
