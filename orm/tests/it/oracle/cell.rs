//! One value of a plain row, and how JSON writes it.

use orm::{
    Decimal, Uuid, Value as OrmValue,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
};
use serde_json::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Text,
    Choice,
    Int,
    Float,
    Decimal,
    Bool,
    Day,
    Clock,
    Moment,
    Uuid,
    /// The key of a row, or a reference to one.
    Key,
}

/// One value; values of two sorts are never compared.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(crate) enum Cell {
    Absent,
    Text(String),
    Int(i64),
    Float(f64),
    Decimal(Decimal),
    Bool(bool),
    Day(NaiveDate),
    Clock(NaiveTime),
    Moment(DateTime<Utc>),
    Uuid(Uuid),
}

impl Cell {
    /// The value that JSON gives for a column of this sort.
    pub(crate) fn of(sort: Sort, json: &Value) -> Self {
        let text = || json.as_str().unwrap();
        match sort {
            _ if json.is_null() => Self::Absent,
            Sort::Text | Sort::Choice => Self::Text(text().to_owned()),
            Sort::Int | Sort::Key => Self::Int(json.as_i64().unwrap()),
            Sort::Float => Self::Float(json.as_f64().unwrap()),
            Sort::Decimal => {
                let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
                Self::Decimal(text.parse().unwrap())
            }
            Sort::Bool => Self::Bool(json.as_bool().unwrap()),
            Sort::Day => Self::Day(text().parse().unwrap()),
            Sort::Clock => Self::Clock(text().parse().unwrap()),
            Sort::Moment => Self::Moment(text().parse().unwrap()),
            Sort::Uuid => Self::Uuid(text().parse().unwrap()),
        }
    }

    /// As it is written into the database.
    pub(crate) fn to_orm(&self) -> OrmValue {
        match self.clone() {
            Self::Absent => OrmValue::Null,
            Self::Text(it) => OrmValue::Text(it),
            Self::Int(it) => OrmValue::Int(it),
            Self::Float(it) => OrmValue::Float(it),
            Self::Decimal(it) => OrmValue::Decimal(it),
            Self::Bool(it) => OrmValue::Bool(it),
            Self::Day(it) => OrmValue::Date(it),
            Self::Clock(it) => OrmValue::Time(it),
            Self::Moment(it) => OrmValue::DateTime(it),
            Self::Uuid(it) => OrmValue::Uuid(it),
        }
    }
}
