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

pub use crate::engine::{of_change, of_record};
use crate::{
    Assign, Error,
    engine::RawSet,
    field::{FieldNames, selection},
    session::BoxFuture,
};
pub use crate::{
    Cells, ChangeSet, ChildOf, Column, FieldDef, FieldType, Kind, Model, ModelDef, OnDelete,
    Registered, Result, Retention, RouteSet, SelectionChoice, SelectionDef, Value,
    field::{
        Comparable, Plain, Writable,
        selection::{Selection, take as take_choice},
    },
};

/// A field of type `T` with the three names it may go by: as declared, as a reference, as ids.
pub const fn field<T: FieldType>(
    name: &'static str,
    one: &'static str,
    many: &'static str,
) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one, many })
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
