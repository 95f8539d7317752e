//! A reference to one record: [`Many2One`] in Rust, a `bigint` with a foreign key in PostgreSQL,
//! the id as a number in JSON.

use std::{borrow::Cow, fmt, marker::PhantomData};

use crate::{
    Assign, Comparable, Error, FieldDef, FieldType, Id, Kind, KindRules, Leaf, LeafFault, Model,
    Op, PgType, Record, Relation, Result, ToOne, Value, Writable,
    field::integer::{self, parse_integer},
};

/// Also for references to whoever asks.
pub(crate) static RULES: KindRules = KindRules {
    name: "many2one",
    pg_type: PgType::Int8,
    column_type: |_| Cow::Borrowed("bigint"),
    operators: &[Op::Eq, Op::Ne, Op::In, Op::Nin],
    parse,
    parse_text,
    check,
    read: integer::RULES_8.read,
    write: integer::RULES_8.write,
};

/// The id of a record of `T`.
pub struct Many2One<T> {
    id: i64,
    // Of a function: with a plain `T`, models that point at each other make the compiler's
    // search for `Send` and `Sync` endless.
    of: PhantomData<fn() -> T>,
}

impl<T> Many2One<T> {
    /// The record it leads to.
    pub const fn id(&self) -> Id<T> {
        Id::new(self.id)
    }
}

impl<T> Clone for Many2One<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Many2One<T> {}

impl<T> PartialEq for Many2One<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<T> Eq for Many2One<T> {}

impl<T> fmt::Debug for Many2One<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id().fmt(f)
    }
}

impl<T: Model> FieldType for Many2One<T> {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: Kind = Kind::Many2One(T::def);

    fn take(value: Value) -> Result<Self> {
        match value {
            Value::Int(id) => Ok(Self { id, of: PhantomData }),
            _ => Err(Error::broken("a reference has a value that is no id")),
        }
    }

    fn give(&self) -> Value {
        Value::Int(self.id)
    }
}

impl<T: Model> Writable for Many2One<T> {}
impl<T: Model> Comparable for Many2One<T> {}

impl<T: Model> ToOne for Many2One<T> {
    type Target = T;
    type Reach<G: FieldType> = G;
}

/// Through a reference that may be absent, everything may be.
impl<T: Model> ToOne for Option<Many2One<T>> {
    type Target = T;
    type Reach<G: FieldType> = G::Nullable;
}

impl<T: Model> Relation for Many2One<T> {
    type To = T;
    type Loaded<'r> = Option<&'r Record<T>>;

    fn loaded(records: &[Record<T>]) -> Self::Loaded<'_> {
        records.first()
    }
}

impl<T: Model> Relation for Option<Many2One<T>> {
    type To = T;
    type Loaded<'r> = Option<&'r Record<T>>;

    fn loaded(records: &[Record<T>]) -> Self::Loaded<'_> {
        records.first()
    }
}

impl<T: Model> Assign<Many2One<T>> for Id<T> {
    fn value(self) -> Value {
        Value::Int(self.get())
    }
}

impl<T: Model> Assign<Option<Many2One<T>>> for Id<T> {
    fn value(self) -> Value {
        Value::Int(self.get())
    }
}

impl<T: Model> Assign<Option<Many2One<T>>> for Option<Id<T>> {
    fn value(self) -> Value {
        self.map_or(Value::Null, |it| Value::Int(it.get()))
    }
}

fn parse(_: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    parse_integer(leaf.as_number()?).and_then(fit)
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    parse_integer(text).and_then(fit)
}

fn check(_: &FieldDef, value: &Value) -> Result<(), LeafFault> {
    match value {
        Value::Int(id) => fit((*id).into()).map(drop),
        other => Err(LeafFault::unlike(other, "number")),
    }
}

/// Keys count from one.
fn fit(id: i128) -> Result<Value, LeafFault> {
    let positive = i64::try_from(id).ok().filter(|it| *it > 0);
    positive.map(Value::Int).ok_or_else(|| LeafFault::outside(1, i64::MAX))
}

#[cfg(test)]
mod tests {
    use crate::{
        Kind, Value,
        json::{any_field, checked, parsed, parsed_text, written},
    };

    const BEYOND: &str = "out_of_range min=1 max=9223372036854775807";

    #[test]
    fn only_positive_numbers_are_ids() {
        check("3", "3");
        check("0", BEYOND);
        check("-1", BEYOND);
        check("9223372036854775808", BEYOND);
        check("1.5", "invalid");
        check(r#""3""#, "wrong_type expected=number");
        check(r#"{"id":3}"#, "wrong_type expected=number");
        check("null", "required");
    }

    #[test]
    fn every_source_has_the_same_limits() {
        let def = reference();
        assert_eq!(parsed_text(&def, "3"), "3");
        assert_eq!(parsed_text(&def, "x"), "invalid");
        assert_eq!(parsed_text(&def, "0"), BEYOND);
        assert_eq!(checked(&def, &Value::Int(-3)), BEYOND);
        assert_eq!(written(&def, &7_i64.to_be_bytes()), "7");
    }

    /// One without a model: the rules do not look at the target.
    fn reference() -> crate::FieldDef {
        let mut def = any_field::<i64>();
        def.kind = Kind::Asker;
        def
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&reference(), json), expected);
    }
}
