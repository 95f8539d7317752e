//! References and links to other records: they must lead to records that the asker may see.
//!
//! A hidden record is as a missing one, with the same answer.

use crate::{
    Error, Kind, Result, Schema, Scope, Session, Value, Verb, Violation,
    engine::{links::Links, request::Request, snapshot::Snapshot},
    schema::{FieldId, ModelId, SchemaField, SchemaModel},
    sql,
};

/// An id that must lead to a record, and where it was named.
pub(super) struct Wanted<'a> {
    row: &'a Request,
    field: &'a SchemaField,
    /// The list of a change of links, and the position in it.
    place: Option<(&'static str, usize)>,
    /// The model of the record; none where it is not ours.
    target: Option<ModelId>,
    id: i64,
}

impl Wanted<'_> {
    fn fault(&self) -> Violation {
        let key = self.field.def.key;
        let pointer = match self.place {
            Some((list, at)) => format!("/{key}/{list}/{at}"),
            None => format!("/{key}"),
        };
        Violation::at_pointer(pointer, "not_found").within(&self.row.pointer)
    }
}

/// Checks the references and links of one record that is about to be written: one statement per
/// target model.
///
/// # Errors
/// Invalid with every one that leads nowhere.
pub(super) async fn check(session: &Session, model: &SchemaModel, request: &Request) -> Result<()> {
    let mut all = Vec::new();
    wanted(session.schema(), model, (request, None), &[], &mut all)?;
    let faults = faults(session, &all).await?;
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Where a record leads to by what is asked of it. A reference that stays as it was is no write
/// of it, even when its record is hidden; `but` these fields are looked at.
pub(super) fn wanted<'a>(
    schema: &'a Schema,
    model: &'a SchemaModel,
    (row, old): (&'a Request, Option<&Snapshot>),
    but: &[FieldId],
    into: &mut Vec<Wanted<'a>>,
) -> Result<()> {
    for it in references(schema, model, row).filter(|it| !but.contains(&it.field.id)) {
        let stored = old.map(|old| old.value(model, it.field.id)).transpose()?;
        if stored.as_ref() != row.value(it.field.id) {
            into.push(it);
        }
    }
    into.extend(ends(model, row));
    Ok(())
}

/// Those that lead nowhere, as far as the asker can see.
pub(super) async fn faults(session: &Session, wanted: &[Wanted<'_>]) -> Result<Vec<Violation>> {
    let schema = session.schema();
    let mut targets: Vec<(ModelId, Vec<i64>)> = Vec::new();
    for Wanted { target, id, .. } in wanted {
        let Some(target) = target else { continue };
        match targets.iter_mut().find(|(it, _)| it == target) {
            Some((_, ids)) => ids.push(*id),
            None => targets.push((*target, vec![*id])),
        }
    }
    let mut visible = Vec::new();
    for (target, ids) in targets {
        visible.push((target, seen(session, schema.model(target), ids).await?));
    }
    let is_visible = |it: &&Wanted<'_>| {
        let of_target = visible.iter().find(|(target, _)| Some(*target) == it.target);
        // A field that leads to no model of ours is not looked at.
        of_target
            .map_or(it.field.def.kind.is_to_one(), |(_, ids)| ids.binary_search(&it.id).is_ok())
    };
    Ok(wanted.iter().filter(|it| !is_visible(it)).map(Wanted::fault).collect())
}

/// Whether any of the fields is a reference.
pub(crate) fn has_references(model: &SchemaModel, row: &Request) -> bool {
    row.values.iter().any(|(field, it)| !it.is_null() && is_reference(model.at(*field)))
}

/// Whether a field leads to one record, of whatever model.
pub(crate) fn is_reference(field: &SchemaField) -> bool {
    field.def.kind.is_to_one() || matches!(field.def.kind, Kind::AnyRecord)
}

fn references<'a>(
    schema: &'a Schema,
    model: &'a SchemaModel,
    row: &'a Request,
) -> impl Iterator<Item = Wanted<'a>> {
    row.values.iter().filter_map(move |(id, value)| {
        let field = model.at(*id);
        let (target, id) = match value {
            Value::Int(id) if field.def.kind.is_to_one() => (field.target, *id),
            Value::Text(text) if is_reference(field) => match schema.named_record(text) {
                Some((target, id)) => (Some(target.id), id),
                None => (None, 0),
            },
            _ => return None,
        };
        Some(Wanted { row, field, place: None, target, id })
    })
}

fn ends<'a>(model: &'a SchemaModel, row: &'a Request) -> impl Iterator<Item = Wanted<'a>> {
    row.links.iter().flat_map(move |Links { field, change }| {
        let field = model.at(*field);
        let (list, ids) = change.wanted();
        let end = move |(at, id): (usize, &i64)| {
            let place = Some((list, at));
            Wanted { row, field, place, target: field.target, id: *id }
        };
        ids.iter().enumerate().map(end)
    })
}

/// Of these ids, those whose records the asker may see, ascending; of a model without a grant,
/// none.
pub(super) async fn seen(
    session: &Session,
    target: &SchemaModel,
    mut ids: Vec<i64>,
) -> Result<Vec<i64>> {
    ids.sort_unstable();
    ids.dedup();
    if matches!(session.scope(target, Verb::Read), Scope::Denied) {
        return Ok(Vec::new());
    }
    let statement = sql::visible_ids(session, target, ids)?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    let mut visible: Vec<i64> = rows.iter().map(|it| it.int(0)).collect::<Result<_>>()?;
    visible.sort_unstable();
    Ok(visible)
}
