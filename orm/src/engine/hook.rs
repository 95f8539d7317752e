//! What the author of a model has to say of its writes, inside their transaction.
//!
//! **Invariant:** no write of a model goes past its hooks, whoever makes it.

use crate::{Result, Session, engine::change_set::RawSet, session::BoxFuture};

/// A function of the author's, behind one type: it takes the set and gives it back.
pub type Hook = for<'a> fn(&'a Session, RawSet) -> BoxFuture<'a, Result<RawSet>>;

/// Asks the author before records are written; what they add to the set is put in.
///
/// # Errors
/// The author's: nothing is written then.
pub(super) async fn before(session: &Session, mut set: RawSet) -> Result<RawSet> {
    let Some(hook) = set.model().def.before else { return Ok(set) };
    set = hook(session, set).await?;
    set.take_added().await?;
    Ok(set)
}

/// Asks the author what follows from a form.
///
/// # Errors
/// The author's.
pub(super) async fn onchange(session: &Session, mut set: RawSet) -> Result<RawSet> {
    let Some(hook) = set.model().def.onchange else { return Ok(set) };
    set = hook(session, set).await?;
    set.take_added().await?;
    Ok(set)
}

/// Asks the author about what was written; it can still be undone.
///
/// # Errors
/// The author's: the transaction can no longer be committed then.
pub(super) async fn after(session: &Session, set: RawSet) -> Result<RawSet> {
    if set.model().def.signal.is_some() {
        session.statements().note_signal();
    }
    let Some(hook) = set.model().def.after else { return Ok(set) };
    let said = hook(session, set).await;
    if said.is_err() {
        session.doom();
    }
    said
}
