//! Tables as PostgreSQL keeps them: what a schema wants and what a database has, in one form, so
//! that the two can be compared.

use crate::{OnDelete, Value};

/// A table with all that hangs on it.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<TableColumn>,
    pub(crate) primary_key: Vec<String>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) indexes: Vec<Index>,
    /// The names of its triggers; each name says all of what a trigger of ours does.
    pub(crate) triggers: Vec<String>,
}

/// A column.
#[derive(Debug)]
pub(crate) struct TableColumn {
    pub(crate) name: String,
    pub(crate) column_type: String,
    pub(crate) is_nullable: bool,
    pub(crate) filled: Filled,
}

/// Who gives a column its value where a statement gives none.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Filled {
    /// The engine, from the declared default if there is one; the database knows of none.
    ByEngine(Option<fn() -> Value>),
    /// The database, by this clause of the column.
    ByDatabase(&'static str),
}

/// What rows must fulfil.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Constraint {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rule: Rule,
}

/// How rows are constrained.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// No two rows have the same values.
    Unique,
    /// An expression in PostgreSQL's own spelling, so that what it gives back compares equal.
    Check(String),
    /// An expression as its author wrote it, which is kept beside the constraint: PostgreSQL
    /// spells it in its own way.
    Written(String),
    /// The value is the key of a row of the target.
    Reference { target: String, on_delete: OnDelete },
    /// Nothing that we would make.
    Foreign,
}

/// An order of a table's rows that is kept ready.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) keys: Vec<IndexKey>,
    /// The rows among which no two have the same keys, by the column that says so; in an index
    /// without it, two may.
    pub(crate) unique_while: Option<String>,
}

/// One column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexKey {
    pub(crate) column: String,
    pub(crate) direction: Direction,
}

/// Which rows come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Small values, then absent ones.
    Ascending,
    /// Absent values, then large ones; only of columns without absent ones.
    Descending,
    /// Large values, then absent ones.
    DescendingNullsLast,
    /// An order that no statement of ours asks for.
    Foreign,
}

impl Table {
    /// A column by its name.
    pub(crate) fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|it| it.name == name)
    }
}

impl TableColumn {
    /// Whether a statement that does not know the column cannot make a row.
    pub(crate) fn is_demanding(&self) -> bool {
        !self.is_nullable && matches!(self.filled, Filled::ByEngine(_))
    }
}

impl Constraint {
    /// The last part of the name of constraints of this sort.
    pub(crate) fn suffix(&self) -> &'static str {
        match self.rule {
            Rule::Unique => "uq",
            Rule::Check(_) | Rule::Written(_) => "ck",
            Rule::Reference { .. } => "fk",
            Rule::Foreign => "",
        }
    }
}

/// The name of a constraint or an index: `products_category_id_fk`. Errors are mapped by it.
pub(crate) fn name_of(table: &str, columns: &[impl AsRef<str>], suffix: &str) -> String {
    let columns: Vec<_> = columns.iter().map(AsRef::as_ref).collect();
    format!("{table}_{}_{suffix}", columns.join("_"))
}
