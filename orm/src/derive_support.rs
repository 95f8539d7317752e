//! All that generated code may name, and nothing else; not for people.
//!
//! **Invariant:** what the derives emit names only this file, so what stands behind a name here
//! can move without a change of the derives.

use std::future::Future;

pub use std::{
    env,
    option::Option::{self, None, Some},
    result::Result::Ok,
};

pub use inventory;

pub use crate::engine::{of_change, of_extended, of_record};
pub use crate::{
    AddedDefault, Cells, ChangeSet, ChildOf, Choice, Column, ExtendDef, Extension, FieldDef,
    FieldType, Kind, Model, ModelDef, OnDelete, OpenSelection, Registered, RegisteredExtension,
    Result, Retention, RouteSet, SelectionChoice, SelectionDef, SqlCheck, Value,
    field::{
        Comparable, Compute, ComputeSort, Plain, Writable,
        computed::{
            argument, function_1, function_2, function_3, function_4, function_5, function_6,
            function_7, function_8,
        },
        selection::{Selection, added as added_choice, take as take_choice},
    },
};
use crate::{
    Assign, Error,
    engine::RawSet,
    field::{FieldNames, selection},
    session::BoxFuture,
};

/// A field of type `T` with the names it may go by: as declared, as a reference, as ids, as
/// a reference to any record.
pub const fn field<T: FieldType>(
    name: &'static str,
    one: &'static str,
    many: &'static str,
    any: &'static str,
) -> FieldDef {
    assert!(!T::IS_KEY, "an `Id` alone leads nowhere: write `Many2One<...>` for a reference");
    FieldDef::of::<T>(FieldNames { name, one, many, any })
}

/// A field that an extension adds and that may be absent: rows that stand have no value for it.
pub const fn added_field<T: FieldType>(
    name: &'static str,
    one: &'static str,
    many: &'static str,
    any: &'static str,
) -> FieldDef {
    assert!(!T::IS_KEY, "an `Id` alone leads nowhere: write `Many2One<...>` for a reference");
    assert!(
        T::NULLABLE || T::KIND.is_to_many(),
        "a field of an extension is an `Option` or has a `default`: rows that stand have no \
         value for it"
    );
    FieldDef::of::<T>(FieldNames { name, one, many, any })
}

/// The value of a default that an extension gives a field of its model.
pub fn assigned_to<M: Model, T: Writable>(_: Column<M, T>, value: impl Assign<T>) -> Value {
    value.value()
}

/// The value of a default, which the compiler holds against the type of its field.
pub fn assigned<T>(value: impl Assign<T>) -> Value {
    value.value()
}

/// The value of a choice.
pub fn give_choice<S: Selection>(choice: &S) -> Value {
    selection::give(*choice)
}

/// A hook at work.
pub fn boxed<'a>(
    hook: impl Future<Output = Result<RawSet>> + Send + 'a,
) -> BoxFuture<'a, Result<RawSet>> {
    Box::pin(hook)
}

/// What the author of a hook says, with their errors made ours.
pub fn said<E: Into<Error>>(said: Result<(), E>) -> Result<()> {
    said.map_err(Into::into)
}

/// A seal at work, with the errors of its author made ours.
pub fn sealed<E: Into<Error>>(
    seal: impl Future<Output = Result<String, E>> + Send + 'static,
) -> BoxFuture<'static, Result<String>> {
    Box::pin(async move { seal.await.map_err(Into::into) })
}
