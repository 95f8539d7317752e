//! What kinds ask of a leaf, and the faults that they have in common.

use std::fmt::Display;

use crate::{Leaf, LeafFault, Value};

impl Leaf<'_> {
    /// The string that it must be.
    pub(crate) fn as_string(&self) -> Result<&str, LeafFault> {
        match self {
            Self::Text(text) => Ok(text),
            other => Err(other.unlike("string")),
        }
    }

    /// The text of the number that it must be.
    pub(crate) fn as_number(&self) -> Result<&str, LeafFault> {
        match self {
            Self::Number(text) => Ok(text),
            other => Err(other.unlike("number")),
        }
    }

    /// The fault of not being what was expected.
    pub(crate) fn unlike(&self, expected: &'static str) -> LeafFault {
        LeafFault::unlike_if(*self == Self::Null, expected)
    }
}

impl LeafFault {
    /// The fault of a value that is none of its field's kind.
    pub(crate) fn unlike(found: &Value, expected: &'static str) -> Self {
        Self::unlike_if(found.is_null(), expected)
    }

    fn unlike_if(is_absent: bool, expected: &'static str) -> Self {
        match is_absent {
            true => Self::new("required"),
            false => Self::new("wrong_type").with("expected", expected),
        }
    }

    /// The fault of a value that its column cannot hold.
    pub(crate) fn outside(min: impl Display, max: impl Display) -> Self {
        Self::new("out_of_range").with("min", min).with("max", max)
    }

    /// The fault of a number below what its author allows.
    pub(crate) fn below(min: i64) -> Self {
        Self::new("greater_than_or_equal").with("min", min)
    }

    /// The fault of a number above what its author allows.
    pub(crate) fn above(max: i64) -> Self {
        Self::new("less_than_or_equal").with("max", max)
    }
}
