//! Words that partners are grouped by, whatever else they have in common.

use orm::Model;

/// A word to find partners by.
#[derive(Debug, Model)]
#[model(table = "partner_tags", display = "name", order = "name")]
pub struct PartnerTag {
    #[field(max = 40, unique, search)]
    pub name: String,
}
