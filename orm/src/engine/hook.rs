//! What the author of a model has to say of its writes, inside their transaction.
//!
//! **Invariant:** no write of a model goes past its hooks, whoever makes it.

use crate::{
    Column, RawChanges, Result, Session, Value, Verb, schema::SchemaModel, session::BoxFuture,
};

/// A function of the author's, behind one type.
pub type Hook = for<'a> fn(&'a Session, &'a WriteSet<'a>) -> BoxFuture<'a, Result<()>>;

/// What is being written: one verb over records of one model.
#[derive(Debug)]
pub struct WriteSet<'a> {
    /// What is done.
    pub verb: Verb,
    /// The records; none before they are created. Those that stand are locked.
    pub ids: &'a [i64],
    /// Declared names and values of the fields that are set; none when records are deleted.
    pub changes: &'a RawChanges,
}

impl WriteSet<'_> {
    /// Whether a field is set, or its links are changed.
    pub fn names<M, T>(&self, column: Column<M, T>) -> bool {
        let has_links = self.changes.links.iter().any(|it| it.0 == column.name());
        has_links || self.value(column).is_some()
    }

    /// What a column is set to.
    pub fn value<M, T>(&self, column: Column<M, T>) -> Option<&Value> {
        self.changes.values.iter().rev().find(|it| it.0 == column.name()).map(|it| &it.1)
    }

    /// Whether the request says yes to one of the model's options.
    pub fn has_option(&self, name: &str) -> bool {
        self.changes.options.contains(&name)
    }
}

/// A change set for hooks to look at, empty where there are none, and the same to be written.
pub(super) fn told(model: &SchemaModel, changes: RawChanges) -> (RawChanges, RawChanges) {
    let has_hooks = model.def.before.is_some() || model.def.after.is_some();
    let told = if has_hooks { changes.clone() } else { RawChanges::default() };
    (told, changes)
}

/// Asks the author before records are written.
///
/// # Errors
/// The author's: nothing is written then.
pub(super) async fn before(
    session: &Session,
    model: &SchemaModel,
    set: &WriteSet<'_>,
) -> Result<()> {
    match model.def.before {
        Some(hook) => hook(session, set).await,
        None => Ok(()),
    }
}

/// Asks the author about what was written; it can still be undone.
///
/// # Errors
/// The author's: the transaction can no longer be committed then.
pub(super) async fn after(
    session: &Session,
    model: &SchemaModel,
    set: &WriteSet<'_>,
) -> Result<()> {
    if model.def.signal.is_some() {
        session.statements().note_signal();
    }
    let Some(hook) = model.def.after else { return Ok(()) };
    let said = hook(session, set).await;
    if said.is_err() {
        session.doom();
    }
    said
}
