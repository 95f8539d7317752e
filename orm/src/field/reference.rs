//! What every reference to one record is: a `bigint` with a foreign key in PostgreSQL, the id as
//! a number in JSON. How many records may share a target is the matter of the kinds themselves.

use std::borrow::Cow;

use crate::{FieldDef, KindRules, Leaf, LeafFault, Op, PgType, Value, field::integer};

/// The rules of a kind of reference.
pub(crate) const fn rules(name: &'static str) -> KindRules {
    KindRules {
        name,
        pg_type: PgType::Int8,
        column_type: |_| Cow::Borrowed("bigint"),
        operators: &[Op::Eq, Op::Ne, Op::In, Op::Nin],
        parse,
        parse_text,
        check,
        read: integer::RULES_8.read,
        write: integer::RULES_8.write,
    }
}

/// The Rust type of a kind of reference, generic over the model that it leads to.
macro_rules! reference {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        pub struct $name<T> {
            id: i64,
            // Of a function: with a plain `T`, models that point at each other make the compiler's
            // search for `Send` and `Sync` endless.
            of: std::marker::PhantomData<fn() -> T>,
        }

        impl<T> $name<T> {
            /// The record it leads to.
            pub const fn id(&self) -> $crate::Id<T> {
                $crate::Id::new(self.id)
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T> PartialEq for $name<T> {
            fn eq(&self, other: &Self) -> bool {
                self.id == other.id
            }
        }

        impl<T> Eq for $name<T> {}

        impl<T> std::fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.id().fmt(f)
            }
        }

        impl<T: $crate::Model> $crate::FieldType for $name<T> {
            type Base = Self;
            type Nullable = Option<Self>;
            const KIND: $crate::Kind = $crate::Kind::$name(T::def);

            fn take(value: $crate::Value) -> $crate::Result<Self> {
                match value {
                    $crate::Value::Int(id) => Ok(Self { id, of: std::marker::PhantomData }),
                    _ => Err($crate::Error::broken("a reference has a value that is no id")),
                }
            }

            fn give(&self) -> $crate::Value {
                $crate::Value::Int(self.id)
            }
        }

        impl<T: $crate::Model> $crate::Writable for $name<T> {}
        impl<T: $crate::Model> $crate::Comparable for $name<T> {}

        impl<T: $crate::Model> $crate::ToOne for $name<T> {
            type Target = T;
            type Reach<G: $crate::FieldType> = G;
        }

        /// Through a reference that may be absent, everything may be.
        impl<T: $crate::Model> $crate::ToOne for Option<$name<T>> {
            type Target = T;
            type Reach<G: $crate::FieldType> = G::Nullable;
        }

        impl<T: $crate::Model> $crate::Relation for $name<T> {
            type To = T;
            type Loaded<'r> = Option<&'r $crate::Record<T>>;

            fn loaded(records: &[$crate::Record<T>]) -> Self::Loaded<'_> {
                records.first()
            }
        }

        impl<T: $crate::Model> $crate::Relation for Option<$name<T>> {
            type To = T;
            type Loaded<'r> = Option<&'r $crate::Record<T>>;

            fn loaded(records: &[$crate::Record<T>]) -> Self::Loaded<'_> {
                records.first()
            }
        }

        impl<T: $crate::Model> $crate::Assign<$name<T>> for $crate::Id<T> {
            fn value(self) -> $crate::Value {
                $crate::Value::Int(self.get())
            }
        }

        impl<T: $crate::Model> $crate::Assign<Option<$name<T>>> for $crate::Id<T> {
            fn value(self) -> $crate::Value {
                $crate::Value::Int(self.get())
            }
        }

        impl<T: $crate::Model> $crate::Assign<Option<$name<T>>> for Option<$crate::Id<T>> {
            fn value(self) -> $crate::Value {
                self.map_or($crate::Value::Null, |it| $crate::Value::Int(it.get()))
            }
        }
    };
}
pub(crate) use reference;

fn parse(_: &FieldDef, leaf: &Leaf<'_>) -> Result<Value, LeafFault> {
    integer::parse_integer(leaf.as_number()?).and_then(fit)
}

fn parse_text(_: &FieldDef, text: &str) -> Result<Value, LeafFault> {
    integer::parse_integer(text).and_then(fit)
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
        let def = of_asker();
        assert_eq!(parsed_text(&def, "3"), "3");
        assert_eq!(parsed_text(&def, "x"), "invalid");
        assert_eq!(parsed_text(&def, "0"), BEYOND);
        assert_eq!(checked(&def, &Value::Int(-3)), BEYOND);
        assert_eq!(written(&def, &7_i64.to_be_bytes()), "7");
    }

    /// One without a model: the rules do not look at the target.
    fn of_asker() -> crate::FieldDef {
        let mut def = any_field::<i64>();
        def.kind = Kind::Asker;
        def
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(parsed(&of_asker(), json), expected);
    }
}
