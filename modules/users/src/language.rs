//! A language that texts come in.

use orm::Model;

/// A language that texts come in.
#[derive(Debug, Model)]
#[model(table = "languages", display = "name", order = "code", archivable)]
pub struct Language {
    /// Its code: `en`.
    #[field(max = 10, unique)]
    pub code: String,
    /// Its name in itself.
    #[field(max = 100)]
    pub name: String,
    #[field(default = true)]
    pub active: bool,
}
