//! `POST /products`.

use std::sync::{Arc, LazyLock};

use poem::{
    Error, IntoResponse, Response,
    error::InternalServerError,
    handler,
    http::{StatusCode, header::LOCATION},
    web::{Data, Json},
};
use rust_decimal::Decimal;
use serde::Deserialize;
use tokio_postgres::error::SqlState;

use crate::by_hand::{
    Shared,
    asker::Asker,
    product::{COLUMNS, Product, ProductKind},
};

static SQL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "insert into products (name, sku, kind, price, cost, margin, unit_id, category_id, active, \
         description, created_by_id, updated_by_id) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) returning {COLUMNS}"
    )
});

/// What is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProduct {
    name: String,
    sku: Option<String>,
    #[serde(default)]
    kind: ProductKind,
    #[serde(default)]
    price: Decimal,
    cost: Option<Decimal>,
    unit_id: i64,
    category_id: Option<i64>,
    #[serde(default = "yes")]
    active: bool,
    description: Option<String>,
}

fn yes() -> bool {
    true
}

impl NewProduct {
    fn is_valid(&self) -> bool {
        let is_amount = |it: &Decimal| !it.is_sign_negative() && it.scale() <= 2;
        let is_short =
            |text: &Option<String>, max| text.as_ref().is_none_or(|it| it.chars().count() <= max);
        !self.name.is_empty()
            && self.name.chars().count() <= 200
            && is_short(&self.sku, 64)
            && is_short(&self.description, 10_000)
            && is_amount(&self.price)
            && self.cost.as_ref().is_none_or(is_amount)
    }
}

#[handler]
pub(crate) async fn create_product(
    asker: Asker,
    Json(new): Json<NewProduct>,
    Data(shared): Data<&Arc<Shared>>,
) -> poem::Result<Response> {
    if !new.is_valid() {
        return Err(Error::from_status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let client = shared.pool.get().await.map_err(InternalServerError)?;
    let statement = client.prepare_cached(&SQL).await.map_err(InternalServerError)?;
    let kind = new.kind.as_str();
    let margin = new.cost.map(|it| new.price - it);
    let created = client
        .query_one(
            &statement,
            &[
                &new.name,
                &new.sku,
                &kind,
                &new.price,
                &new.cost,
                &margin,
                &new.unit_id,
                &new.category_id,
                &new.active,
                &new.description,
                &asker.user,
            ],
        )
        .await;
    drop(client);
    let row = created.map_err(|error| match error.code() {
        Some(code) if *code == SqlState::FOREIGN_KEY_VIOLATION => {
            Error::from_status(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => {
            Error::from_status(StatusCode::CONFLICT)
        }
        _ => InternalServerError(error),
    })?;
    let location = format!("/api/v1/products/{}", row.get::<_, i64>(0));
    let answer = Json(Product::of(&row)).with_header(LOCATION, location);
    Ok(answer.with_status(StatusCode::CREATED).into_response())
}
