//! `GET /products/{id}`.

use std::sync::{Arc, LazyLock};

use poem::{
    Error, IntoResponse, Response,
    error::InternalServerError,
    handler,
    http::StatusCode,
    web::{Data, Json, Path},
};

use crate::by_hand::{
    Shared,
    asker::Asker,
    product::{COLUMNS, Product},
};

static SQL: LazyLock<String> =
    LazyLock::new(|| format!("select {COLUMNS} from products where id = $1"));

#[handler]
pub(crate) async fn read_product(
    _asker: Asker,
    Path(id): Path<i64>,
    Data(shared): Data<&Arc<Shared>>,
) -> poem::Result<Response> {
    let client = shared.pool.get().await.map_err(InternalServerError)?;
    let statement = client.prepare_cached(&SQL).await.map_err(InternalServerError)?;
    let row = client.query_opt(&statement, &[&id]).await.map_err(InternalServerError)?;
    drop(client);
    let row = row.ok_or_else(|| Error::from_status(StatusCode::NOT_FOUND))?;
    Ok(Json(Product::of(&row)).into_response())
}
