//! Conditions on rows, and how the API writes them.

use serde_json::{Map, Value, json};

use crate::oracle::Cell;

/// A condition on the rows of a table.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// A column holds to a value.
    Compare {
        key: &'static str,
        op: Op,
        with: Operand,
    },
    /// A column is absent, or is not.
    Absent {
        key: &'static str,
        is_absent: bool,
    },
    /// There is no record behind a relation, or there is.
    NoRecord {
        field: &'static str,
        is_none: bool,
    },
    /// The record behind a reference passes.
    Behind {
        field: &'static str,
        inner: Box<Self>,
    },
    /// Records behind a to-many relation pass.
    Among {
        field: &'static str,
        how: Quantifier,
        inner: Box<Self>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
    Nin,
    Between,
    Starts,
    Contains,
    Ilike,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Some,
    Every,
    None,
}

/// What a column is compared with.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Cell(Cell),
    Cells(Vec<Cell>),
    /// `@me`, `@my_company`.
    Macro(&'static str),
    /// `@my_companies`, `@my_roles`: stand alone beside `in` and `nin`.
    Macros(&'static str),
}

impl Condition {
    /// What every row passes.
    pub(crate) fn anything() -> Self {
        Self::All(Vec::new())
    }

    pub(crate) fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// In the language of searches.
    pub(crate) fn json(&self) -> Value {
        let one =
            |key: &str, value: Value| Value::Object(Map::from_iter([(key.to_owned(), value)]));
        let list = |of: &[Self]| of.iter().map(Self::json).collect::<Value>();
        match self {
            Self::All(of) => one("and", list(of)),
            Self::Any(of) => one("or", list(of)),
            Self::Not(it) => one("not", it.json()),
            Self::Compare { key, op: Op::Eq, with } => one(key, with.json()),
            Self::Compare { key, op, with } => one(key, one(op.name(), with.json())),
            Self::Absent { key, is_absent } => one(key, json!({ "null": is_absent })),
            Self::NoRecord { field, is_none } => one(field, json!({ "null": is_none })),
            Self::Behind { field, inner } => one(field, inner.json()),
            Self::Among { field, how, inner } => one(field, one(how.name(), inner.json())),
        }
    }

    /// Whether a macro of one value stands somewhere in it.
    pub(crate) fn names(&self, name: &str) -> bool {
        match self {
            Self::All(of) | Self::Any(of) => of.iter().any(|it| it.names(name)),
            Self::Not(it) | Self::Behind { inner: it, .. } | Self::Among { inner: it, .. } => {
                it.names(name)
            }
            Self::Compare { with: Operand::Macro(it), .. } => *it == name,
            Self::Compare { .. } | Self::Absent { .. } | Self::NoRecord { .. } => false,
        }
    }
}

impl Op {
    fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::In => "in",
            Self::Nin => "nin",
            Self::Between => "between",
            Self::Starts => "starts",
            Self::Contains => "contains",
            Self::Ilike => "ilike",
        }
    }
}

impl Quantifier {
    fn name(self) -> &'static str {
        match self {
            Self::Some => "some",
            Self::Every => "every",
            Self::None => "none",
        }
    }
}

impl Operand {
    fn json(&self) -> Value {
        match self {
            Self::Cell(it) => it.json(),
            Self::Cells(it) => it.iter().map(Cell::json).collect(),
            Self::Macro(it) | Self::Macros(it) => json!(format!("@{it}")),
        }
    }
}
