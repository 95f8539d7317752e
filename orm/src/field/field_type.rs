//! The Rust types that fields have, and what may be assigned to or compared with them.
//!
//! `Assign` is our own trait, not `Into`: with `Into`, literals stop inferring, and `set(9.99)`
//! on a decimal must not compile.

use crate::{Kind, Model, Record, Result, Value};

/// A type that a field of a model can have.
#[diagnostic::on_unimplemented(
    message = "a field of a model cannot be of type `{Self}`",
    label = "no type of a field",
    note = "fields are `String`, `Translated`, `i16`, `i32`, `i64`, `f64`, `Decimal`, `bool`, `NaiveDate`, `NaiveTime`, `DateTime<Utc>`, `Uuid`, `Json`, `Vec<u8>`, `Secret`, relations, `AnyRecord`, an enum with `#[derive(Selection)]`, `Computed<...>`, or one `Option` of one of these",
    note = "another model is `Many2One<Category>`, a list of its records `One2Many<...>` or `Many2Many<...>`; any other list is a model of its own, or `Json`",
    note = "instead of `f32` take `f64`, or `Decimal` for money; of `u32` and `u64`, `i64` with `#[field(min = 0)]`; of `&str`, `String`; of `NaiveDateTime`, `DateTime<Utc>`",
    note = "`Option` stands once, inside of `Computed<...>`, and never around a collection"
)]
pub trait FieldType: Sized + Send + Sync + 'static {
    /// The type without `Option`: what comparisons speak of.
    type Base: FieldType;
    /// The type as seen through an optional reference.
    type Nullable: FieldType;
    /// What its fields are.
    const KIND: Kind;
    /// Whether its fields may be absent.
    const NULLABLE: bool = false;
    /// Whether its fields follow from others.
    const IS_COMPUTED: bool = false;
    /// Whether it is the key of a record, which the framework alone declares.
    const IS_KEY: bool = false;

    /// From a value that was read by this kind.
    ///
    /// # Errors
    /// When the value is of another kind: a table that is not ours.
    fn take(value: Value) -> Result<Self>;
    /// To a value of this kind.
    fn give(&self) -> Value;
}

/// What a change set may name: everything but collections and computed fields.
pub trait Writable: FieldType {}

/// Has `eq`, `ne`, `one_of`: everything but secrets, JSON and bytes.
pub trait Comparable: FieldType {}

/// Has `lt`, `gte` and the like.
pub trait Ordered: Comparable {}

/// Has `like`, `contains` and the like.
pub trait Textual: Comparable {}

/// Assigned from itself. References are not: they are assigned from an `Id`, so that
/// `set(None)` is one type.
pub trait Plain: Writable {}

/// A reference to one record.
pub trait ToOne: FieldType {
    /// The model it leads to.
    type Target: Model;
    /// What a field `G` of the target looks like through this reference.
    type Reach<G: FieldType>: FieldType;
}

/// A relation to any number of records.
pub trait ToMany: FieldType {
    /// The model it leads to.
    type Target: Model;
}

/// A relation whose records can be loaded with those that have it.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` leads to no record",
    label = "no relation",
    note = "only relations are expanded: `Many2One`, `One2Many`, `Many2Many`"
)]
pub trait Relation: FieldType {
    /// The model it leads to.
    type To: Model;
    /// What [`Record::loaded`] gives: all of the records, or the one.
    type Loaded<'r>;

    /// The records that were loaded as that.
    fn loaded(records: &[Record<Self::To>]) -> Self::Loaded<'_>;
}

/// What may be written to, or compared with, a field of type `F`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be assigned to or compared with a field of type `{F}`",
    note = "give a value of the field's own type: a decimal takes `Decimal` or an integer, a reference an `Id` (of a record, `record.id()`), a selection a variant",
    note = "`None` is for fields that are an `Option`; whether a field is absent is asked by `is_none()`"
)]
pub trait Assign<F> {
    /// The value to store or compare with.
    fn value(self) -> Value;
}

// Where it does not fit, the fault is that of the field's type, not of a bound in here.
#[diagnostic::do_not_recommend]
impl<T: FieldType<Base = T, Nullable = Self>> FieldType for Option<T> {
    type Base = T;
    type Nullable = Self;
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;

    fn take(value: Value) -> Result<Self> {
        if value.is_null() { Ok(None) } else { T::take(value).map(Some) }
    }

    fn give(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::give)
    }
}

impl<T: Writable + FieldType<Base = T, Nullable = Self>> Writable for Option<T> {}
impl<T: Plain + FieldType<Base = T, Nullable = Self>> Plain for Option<T> {}

impl<T: Plain> Assign<T> for T {
    fn value(self) -> Value {
        self.give()
    }
}

impl<T: Plain + FieldType<Base = T, Nullable = Option<T>>> Assign<Option<T>> for T {
    fn value(self) -> Value {
        self.give()
    }
}
