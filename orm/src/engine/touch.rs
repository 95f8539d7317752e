//! A change of a part raises the version of the whole, where the part's model says so.

use std::collections::BTreeSet;

use crate::{Result, Session, engine::work::Work, schema::SchemaModel, sql};

/// Raises the versions of the wholes of parts that were written: each once in an operation.
pub(super) async fn touch(
    work: &mut Work,
    session: &Session,
    model: &SchemaModel,
    wholes: BTreeSet<i64>,
) -> Result<()> {
    let touches = model.def.child_of.is_some_and(|it| it.touch);
    let Some(parent) = model.parent.filter(|_| touches) else { return Ok(()) };
    let whole = session.schema().target(model.at(parent));
    let wholes: Vec<i64> = wholes.into_iter().filter(|it| work.raises(whole, *it)).collect();
    if wholes.is_empty() {
        return Ok(());
    }
    let raised = sql::update_ids(session, whole, wholes, &[])?;
    session.link().await?.fetch(&raised.statement()).await?;
    Ok(())
}
