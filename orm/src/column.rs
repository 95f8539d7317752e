//! The typed face of conditions and assignments: constants of a model, and paths over them.
//!
//! Only thin generics here: everything becomes a [`Filter`] or a [`Change`] at once.

use std::marker::PhantomData;

use crate::{
    AnyRecord, Assign, Change, Comparable, FieldType, Filter, Id, IntoChanges, LineChange,
    LineUpdate, LinkChange, Many2Many, Model, One2Many, Op, Operand, Ordered, Quantifier, Textual,
    ToMany, ToOne, Translated, Value, Writable,
    field::{any_record, translated},
};

/// A field of `M`, as a constant: `Product::PRICE`.
pub struct Column<M, F> {
    name: &'static str,
    of: PhantomData<fn() -> (M, F)>,
}

/// A field reached over references: `Product::CATEGORY.to(Category::NAME)`. Not a [`Column`]: it
/// cannot be set.
pub struct Path<M, F> {
    hops: Vec<&'static str>,
    name: &'static str,
    of: PhantomData<fn() -> (M, F)>,
}

/// A condition on records of `M`.
pub struct Cond<M> {
    pub(crate) filter: Filter,
    of: PhantomData<fn() -> M>,
}

/// Stands for a value that is known when the statement runs: who asks, their company.
#[derive(Debug, Clone, Copy)]
pub struct Macro(pub &'static str);

/// Whoever asks.
pub const ME: Macro = Macro("me");

impl<M, F> Column<M, F> {
    /// For the derive: the column of the field with this declared name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The declared name of the field.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<M, F> Clone for Column<M, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, F> Copy for Column<M, F> {}

impl<M> Cond<M> {
    fn of(filter: Filter) -> Self {
        Self { filter, of: PhantomData }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of(self.filter.and(other.filter))
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::of(self.filter.or(other.filter))
    }

    /// The exact opposite.
    #[must_use]
    pub fn negate(self) -> Self {
        Self::of(Filter::Not(Box::new(self.filter)))
    }
}

impl<M> From<Cond<M>> for Filter {
    fn from(it: Cond<M>) -> Self {
        it.filter
    }
}

/// Puts the hops of a path around a condition on its last field.
fn through(hops: &[&'static str], filter: Filter) -> Filter {
    hops.iter().rev().fold(filter, |inner, field| Filter::Hop { field, inner: Box::new(inner) })
}

fn values(list: impl IntoIterator<Item = Value>) -> Operand {
    Operand::List(list.into_iter().map(Operand::Value).collect())
}

macro_rules! operators {
    ($t:ident, |$it:ident| $hops:expr) => {
        impl<M: Model, F: FieldType> $t<M, F> {
            fn cond(self, filter: impl FnOnce(&'static str) -> Filter) -> Cond<M> {
                let $it = self;
                Cond::of(through($hops, filter($it.name)))
            }

            fn compare(self, op: Op, operand: Operand) -> Cond<M> {
                self.cond(|field| Filter::Compare { field, op, operand })
            }

            /// The same path one reference further.
            pub fn to<G: FieldType>(self, next: Column<F::Target, G>) -> Path<M, F::Reach<G>>
            where
                F: ToOne,
            {
                let $it = self;
                let mut hops = <[&'static str]>::to_vec($hops);
                hops.push($it.name);
                Path { hops, name: next.name, of: PhantomData }
            }

            /// Is a value that is known when the statement runs.
            pub fn is(self, what: Macro) -> Cond<M> {
                self.compare(Op::Eq, Operand::Macro(what.0.to_owned()))
            }

            /// Is one of the values of a list macro.
            pub fn is_among(self, what: Macro) -> Cond<M> {
                self.compare(Op::In, Operand::Macro(what.0.to_owned()))
            }
        }

        impl<M: Model, F: FieldType> $t<M, F>
        where
            F::Base: Comparable,
        {
            /// Equals.
            pub fn eq(self, value: impl Assign<F::Base>) -> Cond<M> {
                self.compare(Op::Eq, Operand::Value(value.value()))
            }

            /// The exact opposite of `eq`: absent values pass.
            pub fn ne(self, value: impl Assign<F::Base>) -> Cond<M> {
                self.compare(Op::Ne, Operand::Value(value.value()))
            }

            /// Is one of these; of none, nothing is.
            pub fn one_of<V: Assign<F::Base>>(self, list: impl IntoIterator<Item = V>) -> Cond<M> {
                self.compare(Op::In, values(list.into_iter().map(Assign::value)))
            }
        }

        impl<M: Model, F: FieldType> $t<M, F>
        where
            F::Base: Ordered,
        {
            /// Is smaller.
            pub fn lt(self, value: impl Assign<F::Base>) -> Cond<M> {
                self.compare(Op::Lt, Operand::Value(value.value()))
            }

            /// Is smaller or equal.
            pub fn lte(self, value: impl Assign<F::Base>) -> Cond<M> {
                self.compare(Op::Lte, Operand::Value(value.value()))
            }

            /// Is greater.
            pub fn gt(self, value: impl Assign<F::Base>) -> Cond<M> {
                self.compare(Op::Gt, Operand::Value(value.value()))
            }

            /// Is greater or equal.
            pub fn gte(self, value: impl Assign<F::Base>) -> Cond<M> {
                self.compare(Op::Gte, Operand::Value(value.value()))
            }
        }

        impl<M: Model, F: FieldType> $t<M, F>
        where
            F::Base: Textual,
        {
            /// Matches a pattern with `%` and `_`, whatever the case.
            pub fn ilike(self, pattern: &str) -> Cond<M> {
                self.compare(Op::Ilike, Operand::Value(Value::Text(pattern.to_owned())))
            }

            /// Holds this text literally.
            pub fn contains(self, text: &str) -> Cond<M> {
                self.compare(Op::Contains, Operand::Value(Value::Text(text.to_owned())))
            }
        }

        impl<M: Model, F: FieldType<Base = AnyRecord>> $t<M, F> {
            /// Leads to a record of `T`.
            pub fn leads_to<T: Model>(self) -> Cond<M> {
                let beginning = any_record::beginning(T::def().table);
                self.compare(Op::Starts, Operand::Value(Value::Text(beginning)))
            }
        }

        impl<M: Model, T: FieldType> $t<M, Option<T>>
        where
            Option<T>: FieldType,
        {
            /// Is absent.
            pub fn is_none(self) -> Cond<M> {
                self.cond(|field| Filter::Absent { field })
            }
        }
    };
}
operators!(Column, |it| &[]);
operators!(Path, |it| &it.hops);

macro_rules! quantifiers {
    ($t:ident, |$it:ident| $hops:expr) => {
        impl<M: Model, F: ToMany> $t<M, F> {
            fn related(self, quantifier: Quantifier, of: Cond<F::Target>) -> Cond<M> {
                let $it = self;
                let inner = Box::new(of.filter);
                Cond::of(through($hops, Filter::Related { field: $it.name, quantifier, inner }))
            }

            /// Some related record passes.
            pub fn some(self, of: Cond<F::Target>) -> Cond<M> {
                self.related(Quantifier::Some, of)
            }

            /// Every related record passes; also when there is none.
            pub fn every(self, of: Cond<F::Target>) -> Cond<M> {
                self.related(Quantifier::Every, of)
            }

            /// No related record passes.
            pub fn none(self, of: Cond<F::Target>) -> Cond<M> {
                self.related(Quantifier::None, of)
            }
        }
    };
}
quantifiers!(Column, |it| &[]);
quantifiers!(Path, |it| &it.hops);

impl<M: Model, T: Model> Column<M, Many2Many<T>> {
    /// Links the record with these, too.
    #[expect(clippy::should_implement_trait, reason = "bodies call it so: `{\"add\": [1]}`")]
    pub fn add(self, targets: &[Id<T>]) -> Change<M> {
        let change = LinkChange::Edit { add: numbers(targets), remove: Vec::new() };
        Change::of_links(self.name, change)
    }

    /// Links it with these no more.
    pub fn remove(self, targets: &[Id<T>]) -> Change<M> {
        let change = LinkChange::Edit { add: Vec::new(), remove: numbers(targets) };
        Change::of_links(self.name, change)
    }

    /// Links it with these and no others, as far as whoever asks can see.
    pub fn replace(self, targets: &[Id<T>]) -> Change<M> {
        Change::of_links(self.name, LinkChange::Set(numbers(targets)))
    }
}

impl<M: Model, T: Model> Column<M, One2Many<T>> {
    /// A new line of the record; which record it belongs to need not be said.
    pub fn create(self, changes: impl IntoChanges<T>) -> Change<M> {
        let create = vec![changes.into_changes().into_raw()];
        Change::of_lines(self.name, LineChange { create, ..LineChange::default() })
    }

    /// Changes a line of the record.
    pub fn update(self, id: impl Into<Id<T>>, changes: impl IntoChanges<T>) -> Change<M> {
        let (id, changes) = (id.into().get(), changes.into_changes().into_raw());
        let update = vec![LineUpdate { id, version: None, changes }];
        Change::of_lines(self.name, LineChange { update, ..LineChange::default() })
    }

    /// Deletes lines of the record.
    pub fn delete(self, ids: &[Id<T>]) -> Change<M> {
        let delete = numbers(ids);
        Change::of_lines(self.name, LineChange { delete, ..LineChange::default() })
    }
}

fn numbers<T>(ids: &[Id<T>]) -> Vec<i64> {
    ids.iter().map(|it| it.get()).collect()
}

impl<M: Model, F: Writable> Column<M, F> {
    /// One assignment of a change set.
    pub fn set(self, value: impl Assign<F>) -> Change<M> {
        Change::new(self.name, value.value())
    }
}

impl<M, F: FieldType<Base = Translated>> Column<M, F> {
    /// The text of one language, whichever the session has; with [`Column::set`] beside it, both
    /// are set.
    pub fn set_in(self, language: &str, text: &str) -> Change<M> {
        Change::new(self.name, translated::text_in(language, text))
    }
}

/// The key of a record, as the type of the column `id`: compared, never assigned.
impl<M: Model> FieldType for Id<M> {
    type Base = Self;
    type Nullable = Option<Self>;
    const KIND: crate::Kind = crate::Kind::Int8;
    const IS_KEY: bool = true;

    fn take(value: Value) -> crate::Result<Self> {
        i64::take(value).map(Self::new)
    }

    fn give(&self) -> Value {
        Value::Int(self.get())
    }
}

impl<M: Model> Comparable for Id<M> {}
impl<M: Model> Ordered for Id<M> {}

impl<M: Model> Assign<Self> for Id<M> {
    fn value(self) -> Value {
        Value::Int(self.get())
    }
}

impl<M: Model> Assign<Id<M>> for i64 {
    fn value(self) -> Value {
        Value::Int(self)
    }
}
