//! What becomes of the lines of a one2many field, from Rust or from a body.

use std::collections::HashSet;

use crate::{RawChanges, Violation};

/// Lines of all levels in one body at the most.
pub const LINES_MAX: usize = 1_000;

/// How many levels of lines a body may have below its record.
pub const LINE_LEVELS_MAX: usize = 4;

/// What becomes of the lines of a record, of one field. They go, change and come in this order:
/// delete, update, create; so what goes makes room for what comes.
#[derive(Debug, Clone, Default)]
pub struct LineChange {
    /// New lines, each with what it begins with.
    pub create: Vec<RawChanges>,
    /// Lines that stay and change.
    pub update: Vec<LineUpdate>,
    /// Lines that go, by key.
    pub delete: Vec<i64>,
}

/// A change of one line.
#[derive(Debug, Clone)]
pub struct LineUpdate {
    /// Its key.
    pub id: i64,
    /// The version that it must have.
    pub version: Option<i64>,
    /// What becomes of it.
    pub changes: RawChanges,
}

impl LineChange {
    /// Both, one after the other.
    pub(crate) fn and(&mut self, next: Self) {
        self.create.extend(next.create);
        self.update.extend(next.update);
        self.delete.extend(next.delete);
    }

    /// Lines that are named twice: nobody can say what becomes of them.
    pub(crate) fn repetitions(&self, pointer: &str) -> Vec<Violation> {
        let updated = self.update.iter().enumerate();
        let updated = updated.map(|(at, it)| (it.id, format!("{pointer}/update/{at}/id")));
        let deleted = self.delete.iter().enumerate();
        let deleted = deleted.map(|(at, it)| (*it, format!("{pointer}/delete/{at}")));
        let mut known = HashSet::new();
        let repeated = updated.chain(deleted).filter(|(id, _)| !known.insert(*id));
        repeated.map(|(_, pointer)| Violation::at_pointer(pointer, "invalid")).collect()
    }
}
