//! A sale as it is answered, borrowed from its row, and as its history remembers it.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use tokio_postgres::Row;

/// The columns, in the order of [`Sale::of`].
pub(crate) const COLUMNS: &str = "id, version, number, partner_id, owner_id, company_id, stage_id, \
     date, amount_untaxed, amount_tax, amount_total, created_at, created_by_id, updated_at, \
     updated_by_id";

/// A sale.
#[derive(Serialize)]
pub(crate) struct Sale<'a> {
    pub(crate) id: i64,
    version: i64,
    number: &'a str,
    partner_id: i64,
    owner_id: Option<i64>,
    company_id: Option<i64>,
    stage_id: i64,
    date: NaiveDate,
    amount_untaxed: Decimal,
    amount_tax: Decimal,
    amount_total: Decimal,
    created_at: DateTime<Utc>,
    created_by_id: Option<i64>,
    updated_at: DateTime<Utc>,
    updated_by_id: Option<i64>,
}

impl<'a> Sale<'a> {
    /// Reads a row of [`COLUMNS`].
    pub(crate) fn of(row: &'a Row) -> Self {
        Self {
            id: row.get(0),
            version: row.get(1),
            number: row.get(2),
            partner_id: row.get(3),
            owner_id: row.get(4),
            company_id: row.get(5),
            stage_id: row.get(6),
            date: row.get(7),
            amount_untaxed: row.get(8),
            amount_tax: row.get(9),
            amount_total: row.get(10),
            created_at: row.get(11),
            created_by_id: row.get(12),
            updated_at: row.get(13),
            updated_by_id: row.get(14),
        }
    }
}

/// What the history keeps of a new sale: each field that holds something.
#[derive(Debug, Serialize)]
pub(crate) struct Entry<'a> {
    number: Became<&'a str>,
    partner: Became<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Became<i64>>,
    stage: Became<i64>,
    date: Became<NaiveDate>,
    amount_untaxed: Became<Decimal>,
    amount_tax: Became<Decimal>,
    amount_total: Became<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<Became<&'a str>>,
}

/// A value where there was none.
#[derive(Debug)]
struct Became<T>(T);

impl<T: Serialize> Serialize for Became<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct OldAndNew<'a, T> {
            old: Option<T>,
            new: &'a T,
        }
        OldAndNew { old: None, new: &self.0 }.serialize(to)
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn of(sale: &Sale<'a>, notes: Option<&'a str>) -> Self {
        Self {
            number: Became(sale.number),
            partner: Became(sale.partner_id),
            owner: sale.owner_id.map(Became),
            stage: Became(sale.stage_id),
            date: Became(sale.date),
            amount_untaxed: Became(sale.amount_untaxed),
            amount_tax: Became(sale.amount_tax),
            amount_total: Became(sale.amount_total),
            notes: notes.map(Became),
        }
    }
}
