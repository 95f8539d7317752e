//! A statement as the engine gives it: its text, its values, and how it is to be planned.

use crate::{PgType, Value};

/// How the server plans a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Found by key: one plan is good for all values, so a text that comes again is kept
    /// prepared.
    ByKey,
    /// Anything with a caller's filter, range or count: planned anew with its values each time,
    /// because a kept statement's generic plan can cost twice as much.
    Fresh,
}

/// The declared type of a parameter; the server is told it, and the value is coerced to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ParamType {
    pub(crate) pg_type: PgType,
    pub(crate) is_list: bool,
}

/// A statement and the values of its parameters.
#[derive(Clone, Copy)]
pub(crate) struct Statement<'a> {
    pub(crate) sql: &'a str,
    pub(crate) lane: Lane,
    pub(crate) params: &'a [Value],
    /// One for each of `params`.
    pub(crate) types: &'a [ParamType],
}

impl ParamType {
    /// One value.
    pub(crate) const fn one(pg_type: PgType) -> Self {
        Self { pg_type, is_list: false }
    }

    /// Several values: the operand of `= ANY`.
    pub(crate) const fn list(pg_type: PgType) -> Self {
        Self { pg_type, is_list: true }
    }
}

impl Lane {
    /// Counts a statement. The labels are literals, so that counting allocates nothing.
    pub(super) fn count(self) {
        let counter = match self {
            Self::ByKey => metrics::counter!("artel_db_statements_total", "lane" => "by_key"),
            Self::Fresh => metrics::counter!("artel_db_statements_total", "lane" => "fresh"),
        };
        counter.increment(1);
    }
}
