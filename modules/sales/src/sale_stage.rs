//! The columns of a board of sales, from the left; some of them end it.

use orm::Model;

/// How far a sale can have come.
#[derive(Debug, Model)]
#[model(table = "sale_stages", display = "name", order = "sequence")]
pub struct SaleStage {
    #[field(max = 60, unique, search)]
    pub name: String,
    /// Its place among the others, from the left.
    #[field(default = 0, min = 0)]
    pub sequence: i32,
    /// Whether a board shows it folded.
    #[field(default = false)]
    pub folded: bool,
    /// Whether nothing more happens to a sale that is here.
    #[field(default = false)]
    pub closed: bool,
}
