//! A word to find products by.

use orm::Model;

/// A word to find products by.
#[derive(Debug, Model)]
#[model(table = "product_tags", display = "name", order = "name")]
pub struct ProductTag {
    #[field(max = 40, unique, search)]
    pub name: String,
}
