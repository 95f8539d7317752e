//! What a write sets: change sets, from Rust or from a JSON body.
//!
//! Writes are change sets, never whole records: what is not named stays as it is. Both ways in
//! give the same pairs of field and value and go through the same checks.

use std::marker::PhantomData;

use crate::Value;

mod body;

pub use crate::changes::body::{Purpose, accept, parse_changes};

/// One assignment: `Product::PRICE.set(100)`.
#[derive(Debug)]
pub struct Change<M> {
    field: &'static str,
    value: Value,
    of: PhantomData<fn() -> M>,
}

/// A set of assignments; the last of two on one field counts.
#[derive(Debug)]
pub struct Changes<M> {
    raw: RawChanges,
    of: PhantomData<fn() -> M>,
}

/// Declared names of fields and what they are set to.
pub type RawChanges = Vec<(&'static str, Value)>;

impl<M> Change<M> {
    pub(crate) fn new(field: &'static str, value: Value) -> Self {
        Self { field, value, of: PhantomData }
    }
}

impl<M> Changes<M> {
    /// The same with one more.
    #[must_use]
    pub fn with(mut self, change: Change<M>) -> Self {
        self.raw.push((change.field, change.value));
        self
    }

    /// Without the model's type, for the engine.
    pub(crate) fn into_raw(self) -> RawChanges {
        self.raw
    }
}

impl<M> FromIterator<Change<M>> for Changes<M> {
    fn from_iter<I: IntoIterator<Item = Change<M>>>(list: I) -> Self {
        let raw = list.into_iter().map(|it| (it.field, it.value)).collect();
        Self { raw, of: PhantomData }
    }
}

impl<M, const N: usize> From<[Change<M>; N]> for Changes<M> {
    fn from(list: [Change<M>; N]) -> Self {
        list.into_iter().collect()
    }
}

impl<M> From<Vec<Change<M>>> for Changes<M> {
    fn from(list: Vec<Change<M>>) -> Self {
        list.into_iter().collect()
    }
}
