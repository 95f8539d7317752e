//! What any field can say about itself, as static data.
//!
//! A field's kind is one file of `field/`: its column, its JSON, its operators, its limits.
//!
//! **Invariant:** kind and nullability come from the field's Rust type through [`FieldType`],
//! never from how the type is spelled; aliases work.

pub(crate) mod any_record;
pub(crate) mod boolean;
pub(crate) mod bytes;
pub(crate) mod computed;
pub(crate) mod date;
pub(crate) mod datetime;
pub(crate) mod decimal;
pub(crate) mod float;
pub(crate) mod integer;
pub(crate) mod json;
pub(crate) mod many2many;
pub(crate) mod many2one;
pub(crate) mod one2many;
pub(crate) mod one2one;
pub(crate) mod secret;
pub(crate) mod selection;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod translated;
pub(crate) mod uuid;

mod field_type;
mod kind;
mod reference;

pub use crate::field::{
    any_record::AnyRecord,
    computed::{Compute, ComputeSort, Computed, Computes, Function, Input, Many, Param, ParamDef},
    field_type::{
        Assign, Comparable, FieldType, Ordered, Plain, Relation, Textual, ToMany, ToOne, Writable,
    },
    json::Json,
    kind::{Kind, KindRules, Leaf, LeafFault},
    many2many::Many2Many,
    many2one::Many2One,
    one2many::One2Many,
    one2one::One2One,
    secret::Secret,
    selection::{Choice, OpenSelection, Selection, SelectionChoice, SelectionDef},
    translated::Translated,
};
use crate::{Value, session::BoxFuture};

/// The names a field may go by; which is its key follows from its kind.
#[derive(Debug, Clone, Copy)]
pub struct FieldNames {
    /// As declared: `category`, `tags`.
    pub name: &'static str,
    /// The column of a reference: `category_id`.
    pub one: &'static str,
    /// The ids of a to-many field: `tag_ids`.
    pub many: &'static str,
    /// The column of a reference to a record of any model: `subject_ref`.
    pub any: &'static str,
}

/// What happens to a record when the record that it points at is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The other record cannot be deleted.
    Restrict,
    /// This record is deleted too.
    Cascade,
    /// The reference is cleared.
    SetNull,
}

/// Makes what is stored out of what was given: a password's hash out of the password.
///
/// Runs before a connection is taken.
pub type Seal = fn(String) -> BoxFuture<'static, crate::Result<String>>;

/// A field as its author declared it.
#[derive(Debug, Clone)]
pub struct FieldDef {
    /// The declared name; what paths, rights and expanded records use.
    pub name: &'static str,
    /// The name of the column and of the JSON key.
    pub key: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it may be absent.
    pub nullable: bool,
    /// Text for users: help of forms, description in OpenAPI.
    pub help: &'static str,
    /// Text for users; without it, the name in words.
    pub label: Option<&'static str>,
    /// Smallest number.
    pub min: Option<i64>,
    /// Largest number, or number of characters of a text.
    pub max: Option<i64>,
    /// Decimal places.
    pub scale: Option<u32>,
    /// What a new record has where nobody says.
    pub default: Option<fn() -> Value>,
    /// Whether the author's `before` sets it in a new record where nobody says.
    pub filled: bool,
    /// Whether no two records share a value; a [`One2One`] says so by itself.
    pub unique: bool,
    /// Whether lists are often filtered or sorted by it.
    pub index: bool,
    /// Found by the list parameter `q`.
    pub search: bool,
    /// Left out of lists that do not name it.
    pub heavy: bool,
    /// Set by code alone, as it goes and maybe without the version: no body may name it.
    pub read_only: bool,
    /// What happens when the record that it points at is deleted.
    pub on_delete: OnDelete,
    /// One2many: the field of the target that points here. Many2many: the other side, if any.
    pub inverse: Option<&'static str>,
    /// Any record: the tables of the models that it may lead to; empty: every model.
    pub targets: &'static [&'static str],
    /// Many2many: whether a linked record cannot be deleted.
    pub keeps: bool,
    /// Roles that may read it; empty: whoever may read the record.
    pub read: &'static [&'static str],
    /// Roles that may write it; empty: whoever may write the record.
    pub write: &'static [&'static str],
    /// Makes what is stored out of what is given.
    pub seal: Option<Seal>,
    /// What it follows from; nobody writes it then.
    pub compute: Option<Compute>,
    /// Whether its type says that it follows from others.
    pub is_computed: bool,
}

impl FieldDef {
    /// A field of type `T` with nothing said about it yet.
    pub const fn of<T: FieldType>(names: FieldNames) -> Self {
        let key = match T::KIND {
            Kind::Many2One(_) | Kind::One2One(_) | Kind::Asker => names.one,
            Kind::AnyRecord => names.any,
            Kind::One2Many(_) | Kind::Many2Many(_) => names.many,
            _ => names.name,
        };
        Self {
            name: names.name,
            key,
            kind: T::KIND,
            nullable: T::NULLABLE,
            help: "",
            label: None,
            min: None,
            max: None,
            scale: None,
            default: None,
            filled: false,
            unique: matches!(T::KIND, Kind::One2One(_)),
            index: false,
            search: false,
            heavy: false,
            read_only: false,
            on_delete: OnDelete::Restrict,
            inverse: None,
            targets: &[],
            keeps: false,
            read: &[],
            write: &[],
            seal: None,
            compute: None,
            is_computed: T::IS_COMPUTED,
        }
    }

    /// A field of the same names and kind with nothing else said about it.
    pub(crate) const fn without_limits(&self) -> Self {
        let key = self.key;
        let names = FieldNames { name: self.name, one: key, many: key, any: key };
        Self { key, kind: self.kind, nullable: true, ..Self::of::<bool>(names) }
    }

    /// Whether the table has a column for it.
    pub const fn has_column(&self) -> bool {
        let is_elsewhere = matches!(
            self.compute,
            Some(Compute { sort: ComputeSort::Sql(_) | ComputeSort::Read(_), .. })
        );
        !matches!(self.kind, Kind::One2Many(_) | Kind::Many2Many(_)) && !is_elsewhere
    }

    /// Whether a new record that does not say what it is has none: it is required, and neither a
    /// default nor its author gives it.
    pub const fn is_demanded(&self) -> bool {
        !self.nullable && self.default.is_none() && !self.filled
    }

    /// Whether it holds a text for each language.
    pub const fn is_translated(&self) -> bool {
        matches!(self.kind, Kind::Translated)
    }

    /// Whether it has no way out: not filtered, sorted, written into JSON or named.
    pub const fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret)
    }
}
