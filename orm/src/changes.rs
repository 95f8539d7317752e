//! What a write sets: change sets, from Rust or from a JSON body.
//!
//! Writes are change sets, never whole records: what is not named stays as it is. Both ways in
//! give the same pairs of field and value, of field and links, and of field and lines, and go
//! through the same checks.

use std::marker::PhantomData;

use crate::Value;

mod body;
mod line_change;
mod link_change;

pub use crate::changes::{
    body::{Purpose, accept, parse_changes},
    line_change::{LINE_LEVELS_MAX, LINES_MAX, LineChange, LineUpdate},
    link_change::{LINKS_MAX, LinkChange},
};

/// One part of a change set: `Product::PRICE.set(100)`, `Product::TAGS.add(&[sale])`.
#[derive(Debug)]
pub struct Change<M> {
    field: &'static str,
    to: To,
    of: PhantomData<fn() -> M>,
}

/// What becomes of a field.
#[derive(Debug)]
enum To {
    Value(Value),
    Links(LinkChange),
    Lines(LineChange),
}

/// A set of changes; of two values for one field the last counts, changes of links and of lines
/// add up.
#[derive(Debug)]
pub struct Changes<M> {
    raw: RawChanges,
    of: PhantomData<fn() -> M>,
}

/// A change set without its model's type: declared names of fields, and what becomes of them.
#[derive(Debug, Clone, Default)]
pub struct RawChanges {
    /// What columns are set to.
    pub values: Vec<(&'static str, Value)>,
    /// What becomes of the links of many2many fields, in this order.
    pub links: Vec<(&'static str, LinkChange)>,
    /// What becomes of the lines of one2many fields, in this order.
    pub lines: Vec<(&'static str, LineChange)>,
    /// What is said yes to, beside the fields.
    pub options: Vec<&'static str>,
}

impl<M> Change<M> {
    pub(crate) fn new(field: &'static str, value: Value) -> Self {
        Self { field, to: To::Value(value), of: PhantomData }
    }

    pub(crate) fn of_links(field: &'static str, change: LinkChange) -> Self {
        Self { field, to: To::Links(change), of: PhantomData }
    }

    pub(crate) fn of_lines(field: &'static str, change: LineChange) -> Self {
        Self { field, to: To::Lines(change), of: PhantomData }
    }
}

impl<M> Changes<M> {
    /// The same with one more.
    #[must_use]
    pub fn with(mut self, change: Change<M>) -> Self {
        match change.to {
            To::Value(value) => self.raw.values.push((change.field, value)),
            To::Links(links) => self.raw.links.push((change.field, links)),
            To::Lines(lines) => self.raw.lines.push((change.field, lines)),
        }
        self
    }

    /// Without the model's type, for the engine.
    pub(crate) fn into_raw(self) -> RawChanges {
        self.raw
    }
}

impl<M> FromIterator<Change<M>> for Changes<M> {
    fn from_iter<I: IntoIterator<Item = Change<M>>>(list: I) -> Self {
        let none = Self { raw: RawChanges::default(), of: PhantomData };
        list.into_iter().fold(none, Self::with)
    }
}

impl<M, const N: usize> From<[Change<M>; N]> for Changes<M> {
    fn from(list: [Change<M>; N]) -> Self {
        list.into_iter().collect()
    }
}

/// What a record is made of or changed by: one change, or a list of them.
#[diagnostic::on_unimplemented(
    message = "a record of `{M}` is not written by `{Self}`",
    label = "no change set",
    note = "write what is to be set: `Product::create(session, [Product::NAME.set(\"Lamp\")])`; what is not named stays as it is, or has its default"
)]
pub trait IntoChanges<M> {
    /// As one set.
    fn into_changes(self) -> Changes<M>;
}

// Else the fault would be that of a `From` that nobody wrote down.
#[diagnostic::do_not_recommend]
impl<M, T: Into<Changes<M>>> IntoChanges<M> for T {
    fn into_changes(self) -> Changes<M> {
        self.into()
    }
}

impl<M> From<Change<M>> for Changes<M> {
    fn from(one: Change<M>) -> Self {
        [one].into()
    }
}

impl<M> From<Vec<Change<M>>> for Changes<M> {
    fn from(list: Vec<Change<M>>) -> Self {
        list.into_iter().collect()
    }
}

impl From<Vec<(&'static str, Value)>> for RawChanges {
    fn from(values: Vec<(&'static str, Value)>) -> Self {
        Self { values, ..Self::default() }
    }
}
