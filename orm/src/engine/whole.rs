//! Writing a part is changing its whole: that must be allowed as the whole was before, and as it
//! is afterwards.
//!
//! A rule for changing a whole may look at its parts. Judged over one state only, it would be
//! passed by the very write that it is to judge.

use crate::{
    Result, Scope, Session, Verb,
    engine::{request::Request, transaction::refuse_written},
    schema::SchemaModel,
    sql::{self, Question},
};

/// Refuses the write of parts whose wholes, as they stand now, are not for the asker to change.
///
/// Asked only where the parts can make a difference: all else is judged with the parts themselves.
///
/// # Errors
/// Denied.
pub(super) async fn judge(session: &Session, model: &SchemaModel, wholes: &[i64]) -> Result<()> {
    let Some(parent) = model.parent.filter(|_| !session.is_system()) else { return Ok(()) };
    let whole = session.schema().target(model.at(parent));
    let looks_at_parts = match session.scope(whole, Verb::Update) {
        Scope::Where(rule) => rule.has_paths() || rule.looks_at(&|it| whole.is_computed(it)),
        Scope::Denied | Scope::All => false,
    };
    if wholes.is_empty() || !looks_at_parts {
        return Ok(());
    }
    let question = Question::locked(&[Verb::Update]);
    let judged = sql::judge(session, whole, wholes.to_vec(), question)?;
    for row in session.link().await?.fetch(&judged.statement()).await? {
        if !row.bool(2)? {
            return Err(refuse_written(session));
        }
    }
    Ok(())
}

/// The wholes that these parts name.
pub(super) fn named<'a>(model: &SchemaModel, rows: impl Iterator<Item = &'a Request>) -> Vec<i64> {
    let Some(parent) = model.parent else { return Vec::new() };
    let mut wholes: Vec<i64> = rows.filter_map(|it| it.value(parent)?.as_int()).collect();
    wholes.sort_unstable();
    wholes.dedup();
    wholes
}
