//! Records are put aside by a field of the author's.

use orm::Model;

#[derive(Model)]
#[model(table = "notes", archivable)]
pub struct Note {
    pub name: String,
}

fn main() {}
