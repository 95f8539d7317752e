//! What quantities are numbers of. Units are not converted into each other.

use orm::Model;

/// What products are counted in: pieces, hours.
#[derive(Debug, Model)]
#[model(table = "units", display = "name", order = "name")]
pub struct Unit {
    /// As it stands behind a quantity.
    #[field(max = 40, unique, search)]
    pub name: String,
}
