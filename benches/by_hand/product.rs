//! A product as it is answered, borrowed from its row.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;

use crate::by_hand::relations::{Behind, Category, Cut, Named};

/// The columns, in the order of [`Product::of`].
pub(crate) const COLUMNS: &str = "id, version, name, sku, kind, price, cost, margin, unit_id, \
     category_id, active, created_at, created_by_id, updated_at, updated_by_id";

/// A product.
#[derive(Serialize)]
pub(crate) struct Product<'a> {
    pub(crate) id: i64,
    version: i64,
    name: &'a str,
    sku: Option<&'a str>,
    kind: &'a str,
    price: Decimal,
    cost: Option<Decimal>,
    margin: Option<Decimal>,
    pub(crate) unit_id: i64,
    pub(crate) category_id: Option<i64>,
    active: bool,
    created_at: DateTime<Utc>,
    created_by_id: Option<i64>,
    updated_at: DateTime<Utc>,
    updated_by_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) category: Option<Behind<Category<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<Behind<Named<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<Vec<Named<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags_page: Option<Cut>,
}

/// What a product is.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ProductKind {
    #[default]
    Goods,
    Service,
    Bundle,
}

impl ProductKind {
    /// As it is stored.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Service => "service",
            Self::Bundle => "bundle",
        }
    }
}

impl<'a> Product<'a> {
    /// Reads a row of [`COLUMNS`].
    pub(crate) fn of(row: &'a Row) -> Self {
        Self {
            id: row.get(0),
            version: row.get(1),
            name: row.get(2),
            sku: row.get(3),
            kind: row.get(4),
            price: row.get(5),
            cost: row.get(6),
            margin: row.get(7),
            unit_id: row.get(8),
            category_id: row.get(9),
            active: row.get(10),
            created_at: row.get(11),
            created_by_id: row.get(12),
            updated_at: row.get(13),
            updated_by_id: row.get(14),
            category: None,
            unit: None,
            tags: None,
            tags_page: None,
        }
    }
}
