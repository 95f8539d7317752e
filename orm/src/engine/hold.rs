//! What keeps still while somebody writes: the records, and the wholes that they are parts of.
//!
//! A statement that waited for a row sees the row as it is now, and other tables as they were
//! when it began. A rule that looks at others is therefore asked only once its row is held.
//!
//! **Invariant:** whoever writes is judged over what nobody else can change before the commit:
//! the record, and all that it is a part of.

use crate::{
    Result, Scope, Session, Verb,
    schema::SchemaModel,
    sql::{self, Question},
};

/// Holds the records, where the next statement could not judge them by what it sees; gives the
/// parents that they have.
pub(super) async fn hold(
    session: &Session,
    model: &SchemaModel,
    verb: Verb,
    ids: &[i64],
) -> Result<Vec<i64>> {
    if model.parent.is_some() {
        return hold_parents(session, model, ids).await;
    }
    if is_judged_elsewhere(session, model, verb) {
        let held = sql::judge(session, model, ids.to_vec(), Question::locked(&[]))?;
        session.link().await?.fetch(&held.statement()).await?;
    }
    Ok(Vec::new())
}

/// Holds parts and all that they are parts of; gives the parents.
pub(super) async fn hold_parents(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
) -> Result<Vec<i64>> {
    let touches = model.def.child_of.is_some_and(|it| it.touch);
    if model.parent.is_none() || (session.is_system() && !touches) {
        return Ok(Vec::new());
    }
    let statement = sql::lock_parents(session, model, ids.to_vec())?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Whether a rule for reading or for the verb looks at other tables.
pub(super) fn is_judged_elsewhere(session: &Session, model: &SchemaModel, verb: Verb) -> bool {
    [Verb::Read, verb]
        .into_iter()
        .any(|it| matches!(session.scope(model, it), Scope::Where(rule) if rule.has_paths()))
}
