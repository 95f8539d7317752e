//! Records on both sides of a link table: [`Many2Many`] in Rust, no column in PostgreSQL.

use std::{borrow::Cow, fmt, marker::PhantomData};

use crate::{
    Error, FieldType, Kind, KindRules, LeafFault, Model, PgType, Record, Relation, Result, ToMany,
    Value,
};

/// In a filter it has quantifiers instead of operators; in a body, commands instead of a value.
pub(crate) static RULES: KindRules = KindRules {
    name: "many2many",
    pg_type: PgType::Int8,
    column_type: |_| Cow::Borrowed("bigint"),
    operators: &[],
    parse: |_, leaf| Err(leaf.unlike("object")),
    parse_text: |_, _| Err(LeafFault::new("invalid")),
    check: |_, value| Err(LeafFault::unlike(value, "object")),
    read: |_| Err(Error::broken("a collection has no column to read")),
    write: |_, out| out.extend_from_slice(b"null"),
};

/// The records of `T` that are linked with this one. Holds none of them: they are asked for by name.
pub struct Many2Many<T>(PhantomData<fn() -> T>);

impl<T> Many2Many<T> {
    /// The one value there is.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Many2Many<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Clone for Many2Many<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Many2Many<T> {}

impl<T> fmt::Debug for Many2Many<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<T: Model> FieldType for Many2Many<T> {
    type Base = Self;
    type Nullable = Self;
    const KIND: Kind = Kind::Many2Many(T::def);

    fn take(_: Value) -> Result<Self> {
        Ok(Self::new())
    }

    fn give(&self) -> Value {
        Value::Null
    }
}

impl<T: Model> ToMany for Many2Many<T> {
    type Target = T;
}

impl<T: Model> Relation for Many2Many<T> {
    type To = T;
    type Loaded<'r> = &'r [Record<T>];

    fn loaded(records: &[Record<T>]) -> Self::Loaded<'_> {
        records
    }
}
