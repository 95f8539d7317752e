//! Where a product stands in the catalogue: categories are a forest of any depth, and each
//! product stands in one place of it or in none.

use orm::{Many2One, Model};

/// A group of products.
#[derive(Debug, Model)]
#[model(table = "categories", display = "name", order = "name")]
pub struct Category {
    /// As it stands in the catalogue.
    #[field(max = 100, search)]
    pub name: String,
    /// The group that this one is a part of.
    #[field(on_delete = "restrict")]
    pub parent: Option<Many2One<Self>>,
}
