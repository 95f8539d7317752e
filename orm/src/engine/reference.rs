//! References and links to other records: they must lead to records that the asker may see.
//!
//! A hidden record is as a missing one, with the same answer.

use crate::{
    Error, Result, Scope, Session, Verb, Violation,
    engine::{conflict, hold::hold, prepare::Prepared, transaction::in_transaction, update},
    schema::{ModelId, SchemaField, SchemaModel},
    sql::{self, Question},
};

/// Checks the references of rows that are about to be written: one statement per target model.
pub(crate) async fn check(session: &Session, model: &SchemaModel, rows: &[Prepared]) -> Result<()> {
    let mut targets: Vec<(ModelId, Vec<i64>)> = Vec::new();
    for (field, id) in references(model, rows) {
        let Some(target) = field.target else { continue };
        match targets.iter_mut().find(|(it, _)| *it == target) {
            Some((_, ids)) => ids.push(id),
            None => targets.push((target, vec![id])),
        }
    }
    let mut visible = Vec::new();
    for (target, ids) in targets {
        visible.push((target, seen(session, session.schema().model(target), ids).await?));
    }
    let is_visible = |field: &SchemaField, id: i64| {
        visible.iter().any(|(target, ids)| Some(*target) == field.target && ids.contains(&id))
    };
    let faults: Vec<Violation> = references(model, rows)
        .filter(|(field, id)| field.target.is_some() && !is_visible(field, *id))
        .map(|(field, _)| Violation::at_pointer(format!("/{}", field.def.key), "not_found"))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Whether any of the fields is a reference.
pub(crate) fn has_references(model: &SchemaModel, row: &Prepared) -> bool {
    references(model, std::slice::from_ref(row)).next().is_some()
}

fn references<'a>(
    model: &'a SchemaModel,
    rows: &'a [Prepared],
) -> impl Iterator<Item = (&'a SchemaField, i64)> {
    rows.iter()
        .flatten()
        .filter_map(|(id, value)| Some((model.at(*id), value.as_int()?)))
        .filter(|(field, _)| field.def.kind.is_to_one())
}

/// Of these ids, those whose records the asker may see; of a model without a grant, none.
async fn seen(session: &Session, target: &SchemaModel, mut ids: Vec<i64>) -> Result<Vec<i64>> {
    ids.sort_unstable();
    ids.dedup();
    if matches!(session.scope(target, Verb::Read), Scope::Denied) {
        return Ok(Vec::new());
    }
    let statement = sql::visible_ids(session, target, ids)?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Links a record with others over a many2many field. Needs update on the record and read on
/// the others.
///
/// # Errors
/// Denied without a grant or when the record may not be changed, missing when it is hidden,
/// invalid when one of the others is missing or hidden.
pub async fn link(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    field: &SchemaField,
    targets: &[i64],
) -> Result<()> {
    update::allowed(session, model)?;
    in_transaction(session, |session: Session| async move {
        let session = &session;
        hold(session, model, Verb::Update, &[id]).await?;
        let verbs = [Verb::Read, Verb::Update];
        let judged = sql::judge(session, model, vec![id], Question::locked(&verbs))?;
        let rows = session.link().await?.fetch(&judged.statement()).await?;
        let row = rows.first().filter(|it| it.bool(2).unwrap_or(false));
        if !row.ok_or_else(Error::missing)?.bool(3)? {
            return Err(Error::denied());
        }
        let wanted: Vec<i64> = targets.to_vec();
        let visible = seen(session, session.schema().target(field), wanted.clone()).await?;
        let faults: Vec<Violation> = (0..)
            .zip(&wanted)
            .filter(|(_, it)| !visible.contains(it))
            .map(|(at, _): (usize, _)| {
                Violation::at_pointer(format!("/{}/{at}", field.def.key), "not_found")
            })
            .collect();
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let links = sql::insert_links(session, model, field, id, wanted)?;
        let done = session.link().await?.fetch(&links.statement()).await;
        done.map(drop).map_err(|it| conflict::of_write(model, it))
    })
    .await
}
