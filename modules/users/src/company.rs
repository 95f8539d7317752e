//! A company that users work for.

use orm::{Many2One, Model};

/// A company that users work for; records may belong to one.
#[derive(Debug, Model)]
#[model(table = "companies", display = "name", order = "name", signal = "users", archivable)]
pub struct Company {
    #[field(max = 200, search)]
    pub name: String,
    /// The company that this one is a part of.
    #[field(on_delete = "restrict", index)]
    pub parent: Option<Many2One<Self>>,
    #[field(default = true)]
    pub active: bool,
}
