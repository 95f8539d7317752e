//! Records belong to a company by a field of the author's.

use orm::Model;

#[derive(Model)]
#[model(table = "notes", company_owned)]
pub struct Note {
    pub name: String,
}

fn main() {}
