//! What a `Session` asks before every statement: who may do what with which rows and fields.
//!
//! Synchronous and over rights already loaded: a statement never waits for a right. This crate
//! knows no user and no role; the framework implements the trait.

use std::sync::Arc;

use crate::{
    Filter, Value,
    schema::{FieldSet, ModelId},
};

/// What is done with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Make one.
    Create,
    /// See it.
    Read,
    /// Change it.
    Update,
    /// Delete it.
    Delete,
}

impl Verb {
    /// All of them, in the order of the letters.
    pub const ALL: [Self; 4] = [Self::Create, Self::Read, Self::Update, Self::Delete];
}

/// The rows of a model that one may do something with.
#[derive(Debug, Clone)]
pub enum Scope {
    /// No right at all.
    Denied,
    /// Every row.
    All,
    /// The rows that pass; paths in it see raw rows.
    Where(Arc<Filter>),
}

/// The rights of one asker. Object safe; asked several times per statement, so it must be cheap.
pub trait Access: Send + Sync {
    /// The rows that the asker may do `verb` with. Not asked for a model that is a child: the
    /// engine asks its parent instead.
    fn scope(&self, model: ModelId, verb: Verb) -> Scope;

    /// The fields the asker may read; `None` when that is all of them.
    fn readable(&self, model: ModelId) -> Option<Arc<FieldSet>>;

    /// The fields the asker may write; `None` when that is all of them.
    fn writable(&self, model: ModelId) -> Option<Arc<FieldSet>>;

    /// What a macro of a rule or a filter stands for: `me` for `@me`. `None` when nothing is
    /// called so; [`Value::Null`] when it has no value for this asker.
    fn parameter(&self, name: &str) -> Option<Value>;

    /// Equal for askers whose statements have the same text: an interned number over everything
    /// that the other answers depend on, but for the values of macros.
    fn fingerprint(&self) -> u64;
}
