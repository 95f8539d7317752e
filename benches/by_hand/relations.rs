//! What stands behind the relations of a page of products: their categories, units and tags, three
//! statements at once.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use deadpool_postgres::Client;
use serde::Serialize;
use tokio_postgres::{Error, Row};

use crate::by_hand::product::Product;

/// Tags of a product at the most.
const TAGS_MAX: usize = 50;

const CATEGORIES: &str = "select id, version, name, parent_id, created_at, created_by_id, \
     updated_at, updated_by_id from categories where id = any($1)";

const UNITS: &str = "select id, version, name, created_at, created_by_id, updated_at, \
     updated_by_id from units where id = any($1)";

/// One more of each than are shown.
const TAGS: &str = "select tag.*, product.id from unnest($1::bigint[]) as product(id) \
     cross join lateral ( \
        select t.id, t.version, t.name, t.created_at, t.created_by_id, t.updated_at, \
            t.updated_by_id \
        from products__tags l join product_tags t on t.id = l.target_id \
        where l.source_id = product.id order by t.name, t.id limit 51 \
     ) as tag";

/// The rows behind a page.
pub(crate) struct Relations {
    categories: Vec<Row>,
    units: Vec<Row>,
    tags: Vec<Row>,
}

/// A category.
#[derive(Serialize)]
pub(crate) struct Category<'a> {
    id: i64,
    version: i64,
    name: &'a str,
    parent_id: Option<i64>,
    created_at: DateTime<Utc>,
    created_by_id: Option<i64>,
    updated_at: DateTime<Utc>,
    updated_by_id: Option<i64>,
}

/// A unit, or a tag: both have nothing but a name.
#[derive(Serialize)]
pub(crate) struct Named<'a> {
    id: i64,
    version: i64,
    name: &'a str,
    created_at: DateTime<Utc>,
    created_by_id: Option<i64>,
    updated_at: DateTime<Utc>,
    updated_by_id: Option<i64>,
}

/// The record behind a reference, or `null`.
#[derive(Serialize)]
pub(crate) struct Behind<T>(Option<T>);

/// That a list goes on.
#[derive(Serialize)]
pub(crate) struct Cut {
    has_more: bool,
}

impl Relations {
    /// Those of the products in these rows.
    pub(crate) async fn of(client: &Client, rows: &[Row]) -> Result<Self, Error> {
        let ids: Vec<i64> = rows.iter().map(|it| it.get(0)).collect();
        let units = distinct(rows.iter().map(|it| it.get(8)).collect());
        let categories = distinct(rows.iter().filter_map(|it| it.get(9)).collect());
        let (categories, units, tags) = tokio::try_join!(
            behind(client, CATEGORIES, &categories),
            behind(client, UNITS, &units),
            behind(client, TAGS, &ids),
        )?;
        Ok(Self { categories, units, tags })
    }

    /// Puts each product's own to it.
    pub(crate) fn put<'a>(&'a self, products: &mut [Product<'a>]) {
        let categories = by_id(&self.categories);
        let units = by_id(&self.units);
        let mut tags: HashMap<i64, Vec<&'a Row>> = HashMap::with_capacity(products.len());
        for row in &self.tags {
            tags.entry(row.get(7)).or_default().push(row);
        }
        for product in products {
            let category = product.category_id.and_then(|it| categories.get(&it));
            product.category = Some(Behind(category.map(|it| Category::of(it))));
            product.unit = Some(Behind(units.get(&product.unit_id).map(|it| Named::of(it))));
            let own = tags.remove(&product.id).unwrap_or_default();
            product.tags_page = (own.len() > TAGS_MAX).then_some(Cut { has_more: true });
            product.tags = Some(own.into_iter().take(TAGS_MAX).map(Named::of).collect());
        }
    }
}

async fn behind(client: &Client, sql: &str, ids: &Vec<i64>) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(sql).await?;
    client.query(&statement, &[ids]).await
}

fn by_id(rows: &[Row]) -> HashMap<i64, &Row> {
    rows.iter().map(|it| (it.get(0), it)).collect()
}

fn distinct(mut ids: Vec<i64>) -> Vec<i64> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl<'a> Category<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            id: row.get(0),
            version: row.get(1),
            name: row.get(2),
            parent_id: row.get(3),
            created_at: row.get(4),
            created_by_id: row.get(5),
            updated_at: row.get(6),
            updated_by_id: row.get(7),
        }
    }
}

impl<'a> Named<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            id: row.get(0),
            version: row.get(1),
            name: row.get(2),
            created_at: row.get(3),
            created_by_id: row.get(4),
            updated_at: row.get(5),
            updated_by_id: row.get(6),
        }
    }
}
