//! What a write of a part means for its whole: the whole stays as it is meanwhile, and its
//! version is raised where the part's model says so.
//!
//! **Invariant:** the rights of a part are those of its whole, so whoever writes a part holds the
//! whole before they are judged: it cannot leave their scope before the commit.

use crate::{Result, Session, schema::SchemaModel, sql};

/// Whether a change of the model's records is one of their parents.
fn touches(model: &SchemaModel) -> bool {
    model.def.child_of.is_some_and(|it| it.touch)
}

/// The parents of records, held as they are; none where there are none to be held.
pub(super) async fn hold(session: &Session, model: &SchemaModel, ids: &[i64]) -> Result<Vec<i64>> {
    let is_needed = touches(model) || !session.is_system();
    if model.parent.is_none() || !is_needed {
        return Ok(Vec::new());
    }
    let statement = sql::lock_parents(session, model, ids.to_vec())?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Raises the versions of the parents that records have now, and of those that they had.
pub(super) async fn touch(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
    mut before: Vec<i64>,
) -> Result<()> {
    let Some(parent) = model.parent.filter(|_| touches(model)) else { return Ok(()) };
    if !ids.is_empty() {
        before.extend(hold(session, model, ids).await?);
    }
    before.sort_unstable();
    before.dedup();
    let whole = session.schema().target(model.at(parent));
    let raised = sql::update_ids(session, whole, before, &[])?;
    session.link().await?.fetch(&raised.statement()).await?;
    Ok(())
}
