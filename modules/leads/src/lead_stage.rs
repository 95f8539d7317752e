//! The columns of a board of leads, from the left; some of them end it.

use orm::Model;

/// How far a lead can have come.
#[derive(Debug, Model)]
#[model(table = "lead_stages", display = "name", order = "sequence")]
pub struct LeadStage {
    #[field(max = 60, unique, search)]
    pub name: String,
    /// Its place among the others, from the left.
    #[field(default = 0, min = 0)]
    pub sequence: i32,
    /// Whether a lead that is here is decided.
    #[field(default = false)]
    pub closed: bool,
}
