//! A change of a part raises the version of the whole, where the part's model says so.

use crate::{
    Result, Session,
    schema::{FieldId, SchemaModel},
    sql::{self, Question},
};

/// The reference to the parent, if a change of the model's records is one of their parents.
fn touches(model: &SchemaModel) -> Option<FieldId> {
    model.parent.filter(|_| model.def.child_of.is_some_and(|it| it.touch))
}

/// The parents of records, before something happens to these; none where nobody is to know.
pub(super) async fn parents(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
) -> Result<Vec<i64>> {
    let Some(parent) = touches(model) else { return Ok(Vec::new()) };
    let question = Question { fields: &[parent], ..Question::locked(&[]) };
    let asked = sql::judge(session, model, ids.to_vec(), question)?;
    let rows = session.link().await?.fetch(&asked.statement()).await?;
    // Behind id and version.
    rows.iter().map(|it| it.int(2)).collect()
}

/// Raises the versions of the parents that records have now, and of those that they had.
pub(super) async fn touch(
    session: &Session,
    model: &SchemaModel,
    ids: &[i64],
    mut before: Vec<i64>,
) -> Result<()> {
    let Some(parent) = touches(model) else { return Ok(()) };
    before.extend(parents(session, model, ids).await?);
    before.sort_unstable();
    before.dedup();
    let whole = session.schema().target(model.at(parent));
    let raised = sql::update_ids(session, whole, before, &[])?;
    session.link().await?.fetch(&raised.statement()).await?;
    Ok(())
}
