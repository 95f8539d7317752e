//! What the author of a model, and those of its extensions, have to say of its writes, inside
//! their transaction.
//!
//! **Invariant:** no write of a model goes past its hooks, whoever makes it.

use crate::{Result, Session, engine::change_set::RawSet, schema::SchemaModel, session::BoxFuture};

/// A function of the author's, behind one type: it takes the set and gives it back.
pub type Hook = for<'a> fn(&'a Session, RawSet) -> BoxFuture<'a, Result<RawSet>>;

/// Whether anybody is asked before records of a model are written.
pub(super) fn has_before(model: &SchemaModel) -> bool {
    model.authors(|it| it.before, |it| it.before).next().is_some()
}

/// Asks the author before records are written; what they add to the set is put in.
///
/// # Errors
/// The author's: nothing is written then.
pub(super) async fn before(session: &Session, mut set: RawSet) -> Result<RawSet> {
    // Each sees what those before it said: the model's own, then those of extensions.
    let hooks: Vec<Hook> = set.model().authors(|it| it.before, |it| it.before).collect();
    for hook in hooks {
        set = hook(session, set).await?;
        set.take_added().await?;
    }
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
pub(super) async fn after(session: &Session, mut set: RawSet) -> Result<RawSet> {
    if set.model().def.signal.is_some() {
        session.statements().note_signal();
    }
    let hooks: Vec<Hook> = set.model().authors(|it| it.after, |it| it.after).collect();
    for hook in hooks {
        let said = hook(session, set).await;
        if said.is_err() {
            session.doom();
        }
        set = said?;
    }
    Ok(set)
}

/// Has the author told of what was written, once it stands: outside of the transaction, so that a
/// failure undoes nothing and is only logged.
pub(super) fn after_commit(session: &Session, set: &RawSet) {
    let Some(hook) = set.model().def.after_commit else { return };
    let (outside, set) = (session.outside(), set.clone());
    session.after_commit(move || {
        Box::pin(async move {
            let table = set.model().def.table;
            if let Err(error) = hook(&outside, set).await {
                tracing::error!(model = table, %error, "what is told after a commit failed");
            }
        })
    });
}
