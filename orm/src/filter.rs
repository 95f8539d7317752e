//! The tree of conditions: one for rules, for callers, and for Rust.
//!
//! **Invariant:** logic has two values. A comparison with an absent value is false; `ne` and
//! `nin` are the exact opposites of `eq` and `in`, and `not` of what it holds; through a
//! relation that is empty or hidden, a hop is a row of absent values. So the records of a filter
//! and of its `not` are disjoint and together are all.

use crate::Value;

mod json;
mod moment;
mod operand;
mod path;
mod shape;
mod write;

pub(crate) use crate::filter::{
    json::child,
    moment::macro_moment,
    shape::{Shape, pattern, resolve},
};
pub use crate::filter::{
    json::parse_filter,
    operand::parse_parameter,
    path::{FieldPath, Judge},
    write::write_filter,
};

/// A condition on the rows of one model; fields are named as declared.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of these; none of them: true.
    And(Vec<Self>),
    /// Any of these; none of them: false.
    Or(Vec<Self>),
    /// The exact opposite.
    Not(Box<Self>),
    /// A comparison of a column.
    Compare {
        /// The field.
        field: &'static str,
        /// The comparison.
        op: Op,
        /// What it is compared with.
        operand: Operand,
    },
    /// The column is absent.
    Absent {
        /// The field.
        field: &'static str,
    },
    /// The record behind a reference passes; when there is none, a row of absent values does.
    Hop {
        /// The reference.
        field: &'static str,
        /// What is asked of the record.
        inner: Box<Self>,
    },
    /// There is no record behind the relation.
    NoRecord {
        /// The relation.
        field: &'static str,
    },
    /// Over the records of a to-many relation.
    Related {
        /// The relation.
        field: &'static str,
        /// How many must pass.
        quantifier: Quantifier,
        /// What is asked of them.
        inner: Box<Self>,
    },
    /// A macro has a value: what makes a rule false whose macro has none.
    Given {
        /// Its name, without the `@`.
        name: String,
    },
}

/// What a comparison does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Equals.
    Eq,
    /// The opposite of `Eq`: absent values pass.
    Ne,
    /// Is smaller.
    Lt,
    /// Is smaller or equal.
    Lte,
    /// Is greater.
    Gt,
    /// Is greater or equal.
    Gte,
    /// Is one of a list.
    In,
    /// The opposite of `In`: absent values pass.
    Nin,
    /// Matches a pattern of `%` and `_`.
    Like,
    /// Matches such a pattern, whatever the case.
    Ilike,
    /// Begins with a text, literally.
    Starts,
    /// Holds a text, literally.
    Contains,
    /// Lies between two values or is one of them.
    Between,
    /// Holds a text literally, whatever the case: what the list parameter `q` asks. Queries have
    /// no name for it.
    Holds,
}

/// How many of the related records must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// One or more.
    Some,
    /// All; also when there are none.
    Every,
    /// None of them.
    None,
}

/// What a column is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A value known now.
    Value(Value),
    /// A value known when the statement runs: `@me`, `@today-7d`; the name without its `@`.
    Macro(String),
    /// The operands of `in`, `nin` and `between`.
    List(Vec<Self>),
}

impl Op {
    /// Every operator of queries, in the order of the documents.
    pub const ALL: [Self; 13] = [
        Self::Eq,
        Self::Ne,
        Self::Lt,
        Self::Lte,
        Self::Gt,
        Self::Gte,
        Self::In,
        Self::Nin,
        Self::Like,
        Self::Ilike,
        Self::Starts,
        Self::Contains,
        Self::Between,
    ];

    /// As queries and documents write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::In => "in",
            Self::Nin => "nin",
            Self::Like => "like",
            Self::Ilike => "ilike",
            Self::Starts => "starts",
            Self::Contains => "contains",
            Self::Between => "between",
            Self::Holds => "holds",
        }
    }

    /// The operator of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether it compares with several values.
    pub const fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::Nin | Self::Between)
    }
}

impl Filter {
    /// Passes every row.
    pub const fn all() -> Self {
        Self::And(Vec::new())
    }

    /// Passes no row.
    pub const fn nothing() -> Self {
        Self::Or(Vec::new())
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::And(mut list) => {
                list.push(other);
                Self::And(list)
            }
            it => Self::And(vec![it, other]),
        }
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Or(mut list) => {
                list.push(other);
                Self::Or(list)
            }
            it => Self::Or(vec![it, other]),
        }
    }

    /// What it says of a row all of whose values are absent.
    pub fn on_absent(&self) -> bool {
        match self {
            Self::And(list) => list.iter().all(Self::on_absent),
            Self::Or(list) => list.iter().any(Self::on_absent),
            Self::Not(inner) => !inner.on_absent(),
            Self::Compare { op, .. } => matches!(op, Op::Ne | Op::Nin),
            Self::Absent { .. } | Self::NoRecord { .. } => true,
            Self::Hop { inner, .. } => inner.on_absent(),
            // Not about the row at all: rules put it beside their hops, never inside.
            Self::Given { .. } => false,
            Self::Related { quantifier, .. } => *quantifier != Quantifier::Some,
        }
    }

    /// Whether it looks at a field of the record itself that passes.
    pub fn looks_at(&self, is_meant: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::And(list) | Self::Or(list) => list.iter().any(|it| it.looks_at(is_meant)),
            Self::Not(inner) => inner.looks_at(is_meant),
            Self::Compare { field, .. }
            | Self::Absent { field }
            | Self::Hop { field, .. }
            | Self::NoRecord { field }
            | Self::Related { field, .. } => is_meant(field),
            Self::Given { .. } => false,
        }
    }

    /// Whether it looks at other tables.
    pub fn has_paths(&self) -> bool {
        match self {
            Self::And(list) | Self::Or(list) => list.iter().any(Self::has_paths),
            Self::Not(inner) => inner.has_paths(),
            Self::Compare { .. } | Self::Absent { .. } | Self::Given { .. } => false,
            Self::Hop { .. } | Self::NoRecord { .. } | Self::Related { .. } => true,
        }
    }
}
