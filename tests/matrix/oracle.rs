//! Who may see and do what, worked out once more in plain Rust over raw rows.
//!
//! **Invariant:** nothing in here knows the framework: no type, no filter and no right of it. What
//! it shares with the program is the language of filters as JSON, and that it writes by itself.

mod condition;
mod eyes;
mod facts;
mod history;
mod refusal;
mod rights;
mod tables;

pub(crate) use crate::oracle::{
    condition::{Condition, Op, Operand, Quantifier},
    eyes::{Eyes, Sight},
    facts::{Cell, Facts, Row},
    history::{GONE, is_told, remembered, told},
    refusal::{Named, Refusal},
    rights::{Asker, FieldRight, Grant, Rights, Rule},
    tables::{Field, Kind, TABLES, Table, WORLD, table},
};

/// What is done with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Create,
    Read,
    Update,
    Delete,
}

impl Verb {
    pub(crate) const ALL: [Self; 4] = [Self::Create, Self::Read, Self::Update, Self::Delete];

    pub(crate) fn name(self) -> &'static str {
        ["create", "read", "update", "delete"][self as usize]
    }
}
