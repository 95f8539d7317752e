//! What a `Session` asks before every statement: who may do what with which rows and fields.
//!
//! Synchronous and over rights already loaded: a statement never waits for a right. This crate
//! knows no user and no role; the framework implements the trait.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    Filter, Schema, Value,
    schema::{FieldSet, ModelId, SchemaModel},
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

    /// Whether the asker was granted anything on the model, be it of use or not.
    fn is_granted(&self, model: ModelId) -> bool {
        Verb::ALL.iter().any(|it| !matches!(self.scope(model, *it), Scope::Denied))
    }

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

/// Whose rights decide, over which models, and at what time: all that is needed to read what
/// somebody wrote, without a way to the data.
#[derive(Clone, Copy)]
pub struct Outlook<'a> {
    /// The models.
    pub schema: &'a Schema,
    /// The rights.
    pub access: &'a dyn Access,
    /// The time.
    pub now: DateTime<Utc>,
}

impl<'a> Outlook<'a> {
    /// The model whose rights a model follows: its own, or those of the whole that it is a part
    /// of.
    pub fn whole(self, model: &'a SchemaModel) -> &'a SchemaModel {
        match model.parent {
            Some(parent) => self.whole(self.schema.target(model.at(parent))),
            None => model,
        }
    }

    /// The rows of a model that one may do `verb` with. A child's are those whose parent one may
    /// read, or for writing, update.
    pub fn scope(self, model: &SchemaModel, verb: Verb) -> Scope {
        let Some(parent) = model.parent else { return self.access.scope(model.id, verb) };
        let field = model.at(parent);
        let verb = if verb == Verb::Read { Verb::Read } else { Verb::Update };
        match self.scope(self.schema.target(field), verb) {
            Scope::Where(rule) => {
                let inner = Box::new((*rule).clone());
                Scope::Where(Arc::new(Filter::Hop { field: field.def.name, inner }))
            }
            open_or_denied => open_or_denied,
        }
    }
}
