//! What stands on orders and price lists, with its price and, for those who may know, its cost.

use orm::{Computed, Decimal, Many2Many, Many2One, Model, Selection};

use crate::{Category, ProductTag, Unit};

/// A thing or a service the company sells.
#[derive(Debug, Model)]
#[model(table = "products", display = "name", order = "name", archivable)]
pub struct Product {
    /// As it stands on orders and price lists.
    #[field(max = 200, search)]
    pub name: String,
    /// The code that it is known by, in the company and on its shelves.
    #[field(max = 64, unique, search, label = "SKU")]
    pub sku: Option<String>,
    #[field(default = ProductKind::Goods)]
    pub kind: ProductKind,
    /// Of one unit, before taxes and discounts.
    #[field(min = 0, scale = 2, default = 0, index)]
    pub price: Decimal,
    /// What the company pays for one unit.
    #[field(min = 0, scale = 2, read = "products.manager", write = "products.manager")]
    pub cost: Option<Decimal>,
    /// What is left of the price of one unit when its cost is paid.
    #[field(compute = margin(price, cost), stored, scale = 2)]
    pub margin: Computed<Option<Decimal>>,
    /// What it is counted in.
    #[field(on_delete = "restrict")]
    pub unit: Many2One<Unit>,
    /// Where it stands in the catalogue.
    #[field(on_delete = "restrict")]
    pub category: Option<Many2One<Category>>,
    /// Words to find it by.
    pub tags: Many2Many<ProductTag>,
    /// Whether it is on sale.
    #[field(default = true)]
    pub active: bool,
    /// As the catalogue tells it.
    #[field(max = 10_000, heavy)]
    pub description: Option<String>,
}

fn margin(price: Decimal, cost: Option<Decimal>) -> Option<Decimal> {
    cost.map(|it| price - it)
}

/// What a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum ProductKind {
    Goods,
    Service,
    Bundle,
}
