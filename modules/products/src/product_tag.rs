//! Words across the tree of categories: a product has as many of them as help to find it.

use orm::Model;

/// A word to find products by.
#[derive(Debug, Model)]
#[model(table = "product_tags", display = "name", order = "name")]
pub struct ProductTag {
    #[field(max = 40, unique, search)]
    pub name: String,
}
