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
    sql::{self, Bulk, Question},
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
    if !is_held_from_above(session, model) {
        return Ok(Vec::new());
    }
    let statement = sql::lock_parents(session, model, ids.to_vec())?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Holds the wholes that parts go from and those that they go `to`, all at once: two who move parts
/// between the same wholes would wait for each other if each held its own first.
pub(super) async fn hold_wholes(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
    to: Vec<i64>,
) -> Result<()> {
    match to.is_empty() {
        true => Ok(()),
        false => hold_all_wholes(session, model, ids, to).await,
    }
}

async fn hold_all_wholes(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
    mut wholes: Vec<i64>,
) -> Result<()> {
    let Some(parent) = model.parent.filter(|_| is_held_from_above(session, model)) else {
        return Ok(());
    };
    let question = Question { fields: &[parent], ..Question::of(&[]) };
    let read = sql::judge(session, model, ids.to_vec(), question)?;
    for row in session.link().await?.fetch(&read.statement()).await? {
        // Behind id and version.
        wholes.extend(row.optional_int(2)?);
    }
    wholes.sort_unstable();
    wholes.dedup();
    let whole = session.schema().target(model.at(parent));
    let held = match whole.parent.is_some() {
        true => sql::lock_parents(session, whole, wholes)?,
        false => sql::judge(session, whole, wholes, Question::locked(&[]))?,
    };
    session.link().await?.fetch(&held.statement()).await?;
    Ok(())
}

/// The ids of the records that would be written, locked; one more than allowed at the most.
pub(super) async fn lock(
    session: &Session,
    model: &SchemaModel,
    bulk: Bulk<'_>,
) -> Result<Vec<i64>> {
    let is_part = is_held_from_above(session, model);
    if is_part {
        // Whoever writes a part holds its whole first: so it is here, for all of them.
        let ids = pick(session, model, bulk, false).await?;
        let parent = bulk.named.iter().find(|it| Some(it.0) == model.parent);
        let to = parent.and_then(|it| it.1.as_int()).into_iter().collect();
        match ids.is_empty() {
            true => return Ok(ids),
            false => hold_all_wholes(session, model, &ids, to).await?,
        }
    }
    let mut ids = pick(session, model, bulk, true).await?;
    if !ids.is_empty() && (is_part || is_judged_elsewhere(session, model, bulk.verb)) {
        // What rules look at may have changed before the records were held.
        hold_parents(session, model, &ids).await?;
        let still = pick(session, model, bulk, true).await?;
        ids.retain(|it| still.binary_search(it).is_ok());
    }
    Ok(ids)
}

/// In their order.
async fn pick(
    session: &Session,
    model: &SchemaModel,
    bulk: Bulk<'_>,
    is_locking: bool,
) -> Result<Vec<i64>> {
    let statement = sql::pick_for_bulk(session, model, bulk, is_locking)?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Whether whoever writes a part holds its whole: it is judged there, or touched.
fn is_held_from_above(session: &Session, model: &SchemaModel) -> bool {
    let touches = model.def.child_of.is_some_and(|it| it.touch);
    model.parent.is_some() && (touches || !session.is_system())
}

/// Whether a rule for reading or for the verb looks at other tables.
fn is_judged_elsewhere(session: &Session, model: &SchemaModel, verb: Verb) -> bool {
    [Verb::Read, verb]
        .into_iter()
        .any(|it| matches!(session.scope(model, it), Scope::Where(rule) if rule.has_paths()))
}
