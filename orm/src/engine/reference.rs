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
    /// Whether the database itself refuses what leads nowhere, and all that is there may be seen.
    pub(super) fn is_kept_by_database(&self, session: &Session) -> bool {
        let Some(target) = self.target.filter(|_| self.field.def.kind.is_to_one()) else {
            return false;
        };
        matches!(session.scope(session.schema().model(target), Verb::Read), Scope::All)
    }

    fn fault(&self) -> Violation {
        let key = self.field.def.key;
        let pointer = match self.place {
            Some((list, at)) => format!("/{key}/{list}/{at}"),
            None => format!("/{key}"),
        };
        Violation::at_pointer(pointer, "not_found").within(&self.row.pointer)
    }
}

/// Checks the references and links of one record that is about to be written: one statement,
/// whatever they lead to.
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
    let visible = seen_of(session, schema, targets).await?;
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
    ids: Vec<i64>,
) -> Result<Vec<i64>> {
    let seen = seen_of(session, session.schema(), vec![(target.id, ids)]).await?;
    Ok(seen.into_iter().flat_map(|it| it.1).collect())
}

/// The same of several models: one statement, however many there are.
async fn seen_of(
    session: &Session,
    schema: &Schema,
    mut lists: Vec<(ModelId, Vec<i64>)>,
) -> Result<Vec<(ModelId, Vec<i64>)>> {
    let mut seen = Vec::with_capacity(lists.len());
    for (model, ids) in &mut lists {
        ids.sort_unstable();
        ids.dedup();
        seen.push((*model, Vec::new()));
    }
    let may = |it: &(ModelId, Vec<i64>)| {
        !matches!(session.scope(schema.model(it.0), Verb::Read), Scope::Denied)
    };
    let asked: Vec<(&SchemaModel, Vec<i64>)> =
        lists.into_iter().filter(may).map(|(model, ids)| (schema.model(model), ids)).collect();
    let models: Vec<ModelId> = asked.iter().map(|it| it.0.id).collect();
    if asked.is_empty() {
        return Ok(seen);
    }
    let statement = sql::visible_ids(session, asked)?;
    for row in session.link().await?.fetch(&statement.statement()).await? {
        let at = usize::try_from(row.int(0)?).unwrap_or(usize::MAX);
        let list = seen.iter_mut().find(|it| Some(&it.0) == models.get(at));
        list.into_iter().try_for_each(|it| row.int(1).map(|id| it.1.push(id)))?;
    }
    seen.iter_mut().for_each(|it| it.1.sort_unstable());
    Ok(seen)
}
