//! Rows of our own statements, which come as texts, taken apart from the left.

use std::{collections::BTreeMap, str::FromStr, vec};

use chrono::{DateTime, Utc};
use orm::{Error, Result};
use serde::de::DeserializeOwned;

/// A row as a statement of our own gives it.
pub(crate) type Texts = Vec<Option<String>>;

/// The columns of one row that are not taken yet.
pub(crate) struct Columns(vec::IntoIter<Option<String>>);

/// A list of keys as PostgreSQL reads one.
pub(crate) fn keys(list: impl IntoIterator<Item = i64>) -> String {
    let list: Vec<String> = list.into_iter().map(|it| it.to_string()).collect();
    format!("{{{}}}", list.join(","))
}

/// A moment in microseconds, as a column of a statement: what [`Columns::time`] takes.
macro_rules! micros {
    ($column:literal) => {
        concat!("(extract(epoch from ", $column, ") * 1000000)::bigint::text")
    };
}
pub(crate) use micros;

/// The only row of a statement.
///
/// # Errors
/// Broken when there is none.
pub(crate) fn only(rows: Vec<Texts>) -> Result<Columns> {
    let first = rows.into_iter().next();
    first.map(Columns::of).ok_or_else(|| Error::broken("a statement of the chat gave no row"))
}

impl Columns {
    pub(crate) fn of(row: Texts) -> Self {
        Self(row.into_iter())
    }

    pub(crate) fn optional_text(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    pub(crate) fn optional<T: FromStr>(&mut self) -> Result<Option<T>> {
        self.optional_text().map(|it| it.parse().map_err(|_| foreign())).transpose()
    }

    pub(crate) fn int(&mut self) -> Result<i64> {
        self.optional()?.ok_or_else(foreign)
    }

    pub(crate) fn text(&mut self) -> Result<String> {
        self.optional_text().ok_or_else(foreign)
    }

    pub(crate) fn flag(&mut self) -> Result<bool> {
        self.optional()?.ok_or_else(foreign)
    }

    pub(crate) fn optional_time(&mut self) -> Result<Option<DateTime<Utc>>> {
        let micros: Option<i64> = self.optional()?;
        micros.map(|it| DateTime::from_timestamp_micros(it).ok_or_else(foreign)).transpose()
    }

    pub(crate) fn time(&mut self) -> Result<DateTime<Utc>> {
        self.optional_time()?.ok_or_else(foreign)
    }

    /// What a JSON text holds.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<Option<T>> {
        let Some(text) = self.optional_text() else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|_| foreign())
    }

    /// An object of numbers; an absent one is empty.
    pub(crate) fn counts(&mut self) -> Result<BTreeMap<String, i64>> {
        Ok(self.json()?.unwrap_or_default())
    }
}

fn foreign() -> Error {
    Error::broken("a row of the chat is none of ours")
}
