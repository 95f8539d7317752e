//! A row as PostgreSQL sent it: the bytes of each column, in the binary format.
//!
//! What the bytes mean is the business of each field's kind; only what the engine asks for
//! itself (ids, versions, counts) is read here.

use std::error;

use postgres_types::{FromSql, Type};

use crate::{Error, Result};

/// One row of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Row(pub(super) tokio_postgres::Row);

impl Row {
    /// The bytes of a column; `None` when it is absent.
    ///
    /// # Panics
    /// When the statement has no such column.
    pub(crate) fn raw(&self, at: usize) -> Option<&[u8]> {
        let Raw(bytes) = self.0.get(at);
        bytes
    }

    /// The number of columns.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// An integer of any width.
    pub(crate) fn int(&self, at: usize) -> Result<i64> {
        match *self.0.columns()[at].type_() {
            Type::INT2 => self.read::<i16>(at).map(i64::from),
            Type::INT4 => self.read::<i32>(at).map(i64::from),
            _ => self.read(at),
        }
    }

    /// A text.
    pub(crate) fn text(&self, at: usize) -> Result<String> {
        self.read(at)
    }

    /// A truth value.
    pub(crate) fn bool(&self, at: usize) -> Result<bool> {
        self.read(at)
    }

    /// A truth value that may be unknown.
    pub(crate) fn flag(&self, at: usize) -> Result<Option<bool>> {
        self.read(at)
    }

    /// A text that may be absent.
    pub(crate) fn optional_text(&self, at: usize) -> Result<Option<String>> {
        self.read(at)
    }

    /// A 64-bit integer that may be absent.
    pub(crate) fn optional_int(&self, at: usize) -> Result<Option<i64>> {
        self.read(at)
    }

    fn read<'a, T: FromSql<'a>>(&'a self, at: usize) -> Result<T> {
        self.0.try_get(at).map_err(|it| {
            let name = self.0.columns()[at].name();
            Error::broken(format!("column `{name}` is not what the engine asked for")).because(it)
        })
    }
}

/// Bytes of any type.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
