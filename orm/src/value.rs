//! One value of any field, between JSON, Rust and PostgreSQL.
//!
//! **Invariant:** a value that was read by its kind fits its column; the binder checks ranges
//! again and never truncates.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A value of a field; which variant it is follows from the field's kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Absent.
    Null,
    /// `bool`.
    Bool(bool),
    /// Integers of 16, 32 and 64 bits, ids and references.
    Int(i64),
    /// `double precision`.
    Float(f64),
    /// `numeric`, at most 28 digits.
    Decimal(Decimal),
    /// Text, selections and secrets.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A time of day.
    Time(NaiveTime),
    /// A moment, UTC.
    DateTime(DateTime<Utc>),
    /// A UUID.
    Uuid(Uuid),
    /// JSON, as the text that was sent.
    Json(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Several values of one kind: the operand of `in`, ids of a set of records.
    List(Vec<Self>),
}

impl Value {
    /// Whether it is absent.
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The integer in it, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(it) => Some(*it),
            _ => None,
        }
    }

    /// The truth value in it, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(it) => Some(*it),
            _ => None,
        }
    }

    /// The text in it, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(it) => Some(it),
            _ => None,
        }
    }
}

/// The types of PostgreSQL that columns and parameters have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PgType {
    /// True or false.
    Bool,
    /// 16 bits.
    Int2,
    /// 32 bits.
    Int4,
    /// 64 bits.
    Int8,
    /// A double.
    Float8,
    /// A decimal.
    Numeric,
    /// Text.
    Text,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A moment.
    Timestamptz,
    /// A UUID.
    Uuid,
    /// JSON, kept as text.
    Json,
    /// Bytes.
    Bytea,
}
