//! A change of a part raises the version of the whole, where the part's model says so.

use crate::{Result, Session, engine::hold::hold_parents, schema::SchemaModel, sql};

/// Raises the versions of the parents that records have now, and of those that they had.
pub(super) async fn touch(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
    mut before: Vec<i64>,
) -> Result<()> {
    let touches = model.def.child_of.is_some_and(|it| it.touch);
    let Some(parent) = model.parent.filter(|_| touches) else { return Ok(()) };
    if !ids.is_empty() {
        before.extend(hold_parents(session, model, ids).await?);
    }
    before.sort_unstable();
    before.dedup();
    let whole = session.schema().target(model.at(parent));
    let raised = sql::update_ids(session, whole, before, &[])?;
    session.link().await?.fetch(&raised.statement()).await?;
    Ok(())
}
