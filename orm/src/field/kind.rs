//! The kinds of fields, and the rules each kind brings.

use std::{borrow::Cow, fmt::Display};

use crate::{
    FieldDef, ModelDef, PgType, SelectionDef, Value,
    field::{
        any_record, boolean, bytes, date, datetime, decimal, float, integer, json, many2many,
        many2one, one2many, one2one, secret, selection, text, time, translated, uuid,
    },
    filter::Op,
};

/// What a field is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text of any length, or up to a limit.
    Text,
    /// Text in several languages, of which each reader sees one.
    Translated,
    /// An integer of 16 bits.
    Int2,
    /// An integer of 32 bits.
    Int4,
    /// An integer of 64 bits.
    Int8,
    /// A double.
    Float,
    /// A decimal of at most 28 digits.
    Decimal,
    /// True or false.
    Bool,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A moment, UTC.
    DateTime,
    /// A UUID.
    Uuid,
    /// Any JSON.
    Json,
    /// Bytes.
    Bytes,
    /// One of a fixed list.
    Selection(&'static SelectionDef),
    /// A text that has no way out.
    Secret,
    /// A reference to one record.
    Many2One(fn() -> &'static ModelDef),
    /// A reference to one record that no two records share.
    One2One(fn() -> &'static ModelDef),
    /// The records that point here.
    One2Many(fn() -> &'static ModelDef),
    /// Records linked with this one.
    Many2Many(fn() -> &'static ModelDef),
    /// A reference to a record of any model.
    AnyRecord,
    /// A reference to whoever asks; the project says which model that is.
    Asker,
}

/// A scalar of a JSON body, still as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Leaf<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The text of a number: never through a float.
    Number(&'a str),
    /// A string without its quotes and escapes.
    Text(Cow<'a, str>),
    /// An array or object, whole, as its own text.
    Nested(&'a str),
}

/// Why a leaf is no value of its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafFault {
    /// One of `wrong_type`, `invalid`, `out_of_range`, `too_precise`, `too_long`, `choice`,
    /// `greater_than_or_equal`, `less_than_or_equal`, `required`.
    pub code: &'static str,
    /// What the text of the fault names: `("max", "200")`.
    pub params: Vec<(&'static str, String)>,
}

/// All that the engine asks of a kind: one static of these stands in each kind's file.
pub struct KindRules {
    /// Its name in `schema` and in the documents.
    pub name: &'static str,
    /// The type of its column, for parameters and binary reading.
    pub pg_type: PgType,
    /// The type of its column as DDL says it: `numeric(28,2)`.
    pub column_type: fn(&FieldDef) -> Cow<'static, str>,
    /// What it can be compared with; `null` is always there.
    pub operators: &'static [Op],
    /// A value from JSON: type, range, precision, length and choices are checked, from the text.
    pub parse: fn(&FieldDef, &Leaf<'_>) -> Result<Value, LeafFault>,
    /// A value from a query string, whose every leaf is text.
    pub parse_text: fn(&FieldDef, &str) -> Result<Value, LeafFault>,
    /// The checks of `parse` on a value that came from Rust.
    pub check: fn(&FieldDef, &Value) -> Result<(), LeafFault>,
    /// A value from PostgreSQL's binary format.
    pub read: fn(&[u8]) -> crate::Result<Value>,
    /// JSON from PostgreSQL's binary format, straight into the answer.
    pub write: fn(&[u8], &mut Vec<u8>),
}

impl LeafFault {
    /// A fault without parameters.
    pub fn new(code: &'static str) -> Self {
        Self { code, params: Vec::new() }
    }

    /// The same with one more parameter of its text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.params.push((name, value.to_string()));
        self
    }
}

impl Kind {
    /// The rules of this kind.
    pub const fn rules(&self) -> &'static KindRules {
        match self {
            Self::Text => &text::RULES,
            Self::Translated => &translated::RULES,
            Self::Int2 => &integer::RULES_2,
            Self::Int4 => &integer::RULES_4,
            Self::Int8 => &integer::RULES_8,
            Self::Float => &float::RULES,
            Self::Decimal => &decimal::RULES,
            Self::Bool => &boolean::RULES,
            Self::Date => &date::RULES,
            Self::Time => &time::RULES,
            Self::DateTime => &datetime::RULES,
            Self::Uuid => &uuid::RULES,
            Self::Json => &json::RULES,
            Self::Bytes => &bytes::RULES,
            Self::Selection(_) => &selection::RULES,
            Self::Secret => &secret::RULES,
            Self::Many2One(_) | Self::Asker => &many2one::RULES,
            Self::One2One(_) => &one2one::RULES,
            Self::AnyRecord => &any_record::RULES,
            Self::One2Many(_) => &one2many::RULES,
            Self::Many2Many(_) => &many2many::RULES,
        }
    }

    /// The model that a relation leads to, where the field itself says it.
    pub const fn target(&self) -> Option<fn() -> &'static ModelDef> {
        match self {
            Self::One2Many(to) | Self::Many2Many(to) => Some(*to),
            _ => self.reference(),
        }
    }

    /// The model that a column leads to, where the field itself says it.
    pub const fn reference(&self) -> Option<fn() -> &'static ModelDef> {
        match self {
            Self::Many2One(to) | Self::One2One(to) => Some(*to),
            _ => None,
        }
    }

    /// Whether it is a reference to one record.
    pub const fn is_to_one(&self) -> bool {
        matches!(self, Self::Many2One(_) | Self::One2One(_) | Self::Asker)
    }

    /// Whether it is a relation to any number of records.
    pub const fn is_to_many(&self) -> bool {
        matches!(self, Self::One2Many(_) | Self::Many2Many(_))
    }
}
