//! `GET /products`: filtered, ordered, a page of it.

use std::{fmt::Write, sync::Arc};

use poem::{
    Error, IntoResponse, Response,
    error::InternalServerError,
    handler,
    http::StatusCode,
    web::{Data, Json, Query},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::{ToSql, Type};

use crate::by_hand::{
    Shared,
    asker::Asker,
    product::{COLUMNS, Product, ProductKind},
    relations::Relations,
};

const LIMIT_MAX: i64 = 1_000;

/// What can be asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    #[serde(rename = "id[gte]")]
    id_from: Option<i64>,
    #[serde(rename = "price[gte]")]
    price_from: Option<Decimal>,
    kind: Option<ProductKind>,
    #[serde(default)]
    sort: Sort,
    expand: Option<Expand>,
    #[serde(default = "usual_limit")]
    limit: i64,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    Id,
    #[default]
    Name,
    Price,
    #[serde(rename = "-price")]
    PriceDescending,
}

/// What can come with them: all of it, or nothing.
#[derive(Clone, Copy, Deserialize)]
enum Expand {
    #[serde(rename = "category,unit,tags")]
    All,
}

fn usual_limit() -> i64 {
    50
}

#[derive(Serialize)]
struct Listed<'a> {
    data: Vec<Product<'a>>,
    page: Page,
}

#[derive(Serialize)]
struct Page {
    has_more: bool,
}

#[handler]
pub(crate) async fn list_products(
    _asker: Asker,
    Query(asked): Query<Asked>,
    Data(shared): Data<&Arc<Shared>>,
) -> poem::Result<Response> {
    if !(0..=LIMIT_MAX).contains(&asked.limit) {
        return Err(Error::from_status(StatusCode::BAD_REQUEST));
    }
    let kind = asked.kind.map(ProductKind::as_str);
    let page = asked.limit + 1;
    let (sql, values) = statement(&asked, kind.as_ref(), &page);
    let client = shared.pool.get().await.map_err(InternalServerError)?;
    let rows = client.query_typed(&sql, &values).await.map_err(InternalServerError)?;
    let limit = usize::try_from(asked.limit).map_err(InternalServerError)?;
    let shown = &rows[..limit.min(rows.len())];
    let relations = match asked.expand {
        Some(Expand::All) => {
            Some(Relations::of(&client, shown).await.map_err(InternalServerError)?)
        }
        None => None,
    };
    drop(client);
    let mut data: Vec<Product<'_>> = shown.iter().map(Product::of).collect();
    if let Some(relations) = &relations {
        relations.put(&mut data);
    }
    let page = Page { has_more: rows.len() > limit };
    Ok(Json(Listed { data, page }).into_response())
}

/// The text for what was asked, and its values with their types.
fn statement<'a>(
    asked: &'a Asked,
    kind: Option<&'a &'static str>,
    page: &'a i64,
) -> (String, Vec<(&'a (dyn ToSql + Sync), Type)>) {
    let mut sql = format!("select {COLUMNS} from products");
    let mut values: Vec<(&(dyn ToSql + Sync), Type)> = Vec::with_capacity(4);
    let mut condition = |text: &str, value: &'a (dyn ToSql + Sync), kind: Type| {
        values.push((value, kind));
        sql.push_str(if values.len() == 1 { " where " } else { " and " });
        // Writing into a text cannot fail.
        let _ = write!(sql, "{text} ${}", values.len());
    };
    if let Some(id) = &asked.id_from {
        condition("id >=", id, Type::INT8);
    }
    if let Some(price) = &asked.price_from {
        condition("price >=", price, Type::NUMERIC);
    }
    if let Some(kind) = kind {
        condition("kind =", kind, Type::TEXT);
    }
    sql.push_str(match asked.sort {
        Sort::Id => " order by id",
        Sort::Name => " order by name, id",
        Sort::Price => " order by price, id",
        Sort::PriceDescending => " order by price desc, id desc",
    });
    values.push((page, Type::INT8));
    let _ = write!(sql, " limit ${}", values.len());
    (sql, values)
}
