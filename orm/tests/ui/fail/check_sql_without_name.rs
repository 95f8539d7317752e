//! A check has a name.

use orm::Model;

#[derive(Model)]
#[model(table = "notes", check_sql = "name <> ''")]
pub struct Note {
    pub name: String,
}

fn main() {}
