//! `POST /sales`: a sale with its lines, in one transaction.
//!
//! Everything that can be known is known before the first row is written: the sums stand in the
//! sale when it is inserted, so that nothing is written twice.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use chrono::Utc;
use deadpool_postgres::Transaction;
use poem::{
    Error, IntoResponse, Response,
    error::InternalServerError,
    handler,
    http::{StatusCode, header::LOCATION},
    web::{Data, Json},
};
use serde::Deserialize;
use tokio_postgres::{Row, error::SqlState};

use crate::by_hand::{
    Shared,
    asker::Asker,
    sale::{COLUMNS, Entry, Sale},
    sale_line::{NewLine, Sums},
};

const LINES_MAX: usize = 1_000;

const TAXES: &str = "select id, percent from taxes where id = any($1)";

/// The counter is held until the transaction ends, so that nobody gets the same number.
const NUMBER: &str = "insert into sale_counters as it (series, last, brought) values (0, 1, 0) \
     on conflict (series) do update \
     set last = it.last + 1, version = it.version + 1, updated_at = now() returning last";

static SALE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "insert into sales (number, partner_id, owner_id, stage_id, date, amount_untaxed, \
         amount_tax, amount_total, notes, created_by_id, updated_by_id) \
         values ($1, $2, $3, \
            coalesce($4, (select id from sale_stages order by sequence, id limit 1)), \
            $5, $6, $7, $8, $9, $10, $10) returning {COLUMNS}"
    )
});

const LINES: &str = "insert into sale_lines (sale_id, sequence, product_id, name, qty, unit_id, \
     price, discount, tax_id, subtotal, tax_amount, total, created_by_id, updated_by_id) \
     select $1, it.*, $2, $2 from unnest($3::int4[], $4::int8[], $5::text[], $6::numeric[], \
     $7::int8[], $8::numeric[], $9::numeric[], $10::int8[], $11::numeric[], $12::numeric[], \
     $13::numeric[]) as it";

const HISTORY: &str = "insert into history (model, record_id, verb, at, by_id, changes) \
     values ('sales', $1, 'create', $2, $3, $4)";

/// What is sent. Our companies and numbers of one's own are not a part of this endpoint.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSale {
    partner_id: i64,
    owner_id: Option<i64>,
    stage_id: Option<i64>,
    notes: Option<String>,
    #[serde(default)]
    lines: NewLines,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLines {
    #[serde(default)]
    create: Vec<NewLine>,
}

impl NewSale {
    fn is_valid(&self) -> bool {
        let lines = &self.lines.create;
        self.notes.as_ref().is_none_or(|it| it.chars().count() <= 10_000)
            && lines.len() <= LINES_MAX
            && lines.iter().all(NewLine::is_valid)
    }
}

#[handler]
pub(crate) async fn create_sale(
    asker: Asker,
    Json(new): Json<NewSale>,
    Data(shared): Data<&Arc<Shared>>,
) -> poem::Result<Response> {
    if !new.is_valid() {
        return Err(Error::from_status(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut client = shared.pool.get().await.map_err(InternalServerError)?;
    let tx = client.transaction().await.map_err(refusal)?;
    let row = write(&tx, &asker, &new).await?;
    tx.commit().await.map_err(refusal)?;
    drop(client);
    let sale = Sale::of(&row);
    let location = format!("/api/v1/sales/{}", sale.id);
    let answer = Json(sale).with_header(LOCATION, location);
    Ok(answer.with_status(StatusCode::CREATED).into_response())
}

/// Writes the sale, its lines, and what is remembered of it.
async fn write(tx: &Transaction<'_>, asker: &Asker, new: &NewSale) -> poem::Result<Row> {
    let lines = &new.lines.create;
    let sums = sums(tx, lines).await?;
    let total = sums.iter().fold(Sums::default(), Sums::plus);
    let number = tx.prepare_cached(NUMBER).await.map_err(refusal)?;
    let number: i64 = tx.query_one(&number, &[]).await.map_err(refusal)?.get(0);
    let number = format!("S{number:05}");
    let now = Utc::now();
    let insert = tx.prepare_cached(&SALE).await.map_err(refusal)?;
    let row = tx
        .query_one(
            &insert,
            &[
                &number,
                &new.partner_id,
                &new.owner_id,
                &new.stage_id,
                &now.date_naive(),
                &total.untaxed,
                &total.tax,
                &total.total,
                &new.notes,
                &asker.user,
            ],
        )
        .await
        .map_err(refusal)?;
    let sale = Sale::of(&row);
    if !lines.is_empty() {
        write_lines(tx, asker, sale.id, (lines, &sums)).await?;
    }
    let entry = tx.prepare_cached(HISTORY).await.map_err(refusal)?;
    let changes = tokio_postgres::types::Json(Entry::of(&sale, new.notes.as_deref()));
    tx.execute(&entry, &[&sale.id, &now, &asker.user, &changes]).await.map_err(refusal)?;
    Ok(row)
}

/// What each line comes to.
async fn sums(tx: &Transaction<'_>, lines: &[NewLine]) -> poem::Result<Vec<Sums>> {
    let mut taxes: Vec<i64> = lines.iter().filter_map(|it| it.tax_id).collect();
    taxes.sort_unstable();
    taxes.dedup();
    let mut percents = HashMap::new();
    if !taxes.is_empty() {
        let statement = tx.prepare_cached(TAXES).await.map_err(refusal)?;
        let rows = tx.query(&statement, &[&taxes]).await.map_err(refusal)?;
        percents.extend(rows.iter().map(|it| (it.get::<_, i64>(0), it.get(1))));
    }
    let of_line = |line: &NewLine| match line.tax_id {
        None => Ok(line.sums(None)),
        Some(tax) => match percents.get(&tax) {
            Some(percent) => Ok(line.sums(Some(*percent))),
            None => Err(Error::from_status(StatusCode::UNPROCESSABLE_ENTITY)),
        },
    };
    lines.iter().map(of_line).collect()
}

async fn write_lines(
    tx: &Transaction<'_>,
    asker: &Asker,
    sale: i64,
    (lines, sums): (&[NewLine], &[Sums]),
) -> poem::Result<()> {
    let insert = tx.prepare_cached(LINES).await.map_err(refusal)?;
    let places: Vec<i32> = (1..).take(lines.len()).collect();
    macro_rules! column {
        ($of:expr, $field:ident) => {
            &$of.iter().map(|it| it.$field).collect::<Vec<_>>()
        };
    }
    let names: Vec<&str> = lines.iter().map(|it| it.name.as_str()).collect();
    tx.execute(
        &insert,
        &[
            &sale,
            &asker.user,
            &places,
            column!(lines, product_id),
            &names,
            column!(lines, qty),
            column!(lines, unit_id),
            column!(lines, price),
            column!(lines, discount),
            column!(lines, tax_id),
            column!(sums, untaxed),
            column!(sums, tax),
            column!(sums, total),
        ],
    )
    .await
    .map_err(refusal)?;
    Ok(())
}

/// What whoever asked is told of a statement that failed.
fn refusal(error: tokio_postgres::Error) -> Error {
    match error.code() {
        Some(code) if *code == SqlState::FOREIGN_KEY_VIOLATION => {
            Error::from_status(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => {
            Error::from_status(StatusCode::CONFLICT)
        }
        _ => InternalServerError(error),
    }
}
