//! Links of to-many fields: what a change set makes of them, and the ids at their other end.
//!
//! **Invariant:** nothing here touches, or tells of, a link to a record that the asker may not
//! see.

use crate::{
    Error, LinkChange, Result, Scope, Session, Verb, Violation,
    engine::{change_set::RawChange, conflict, reference, work::Work},
    pg::Row,
    schema::{FieldId, SchemaField, SchemaModel},
    sql,
};

/// What becomes of the links of one field.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    pub(crate) field: FieldId,
    pub(crate) change: LinkChange,
}

/// What has become of the links of one field of one record.
#[derive(Debug, Clone)]
pub(crate) struct Relinked {
    pub(crate) field: FieldId,
    pub(crate) added: Vec<i64>,
    pub(crate) removed: Vec<i64>,
}

/// Ids that one field gives in one answer at the most.
pub(super) const LINKED_MAX: u64 = 100_000;

/// The changes of each field as one.
pub(super) fn resolve(
    model: &SchemaModel,
    changes: Vec<(&'static str, LinkChange)>,
) -> Result<Vec<Links>> {
    let mut resolved: Vec<Links> = Vec::with_capacity(changes.len());
    for (name, change) in changes {
        let field = model
            .field(name)
            .filter(|it| it.has_links())
            .ok_or_else(|| Error::broken(format!("{}.{name} has no links", model.def.table)))?
            .id;
        put(&mut resolved, Links { field, change });
    }
    Ok(resolved)
}

/// Adds changes of links, behind those of the same field.
pub(super) fn put(list: &mut Vec<Links>, links: Links) {
    let earlier = list.iter().position(|it| it.field == links.field);
    let links = match earlier.map(|at| list.swap_remove(at)) {
        Some(earlier) => Links { change: earlier.change.followed_by(links.change), ..links },
        None => links,
    };
    list.push(links);
}

/// Writes the links of a record that is locked; those that came or went.
pub(super) async fn change(
    work: &mut Work,
    model: &SchemaModel,
    id: i64,
    links: &[Links],
) -> Result<Vec<Relinked>> {
    let session = &work.session().clone();
    let mut relinked = Vec::new();
    for Links { field, change } in links {
        let field = model.at(*field);
        let mut done = Relinked { field: field.id, added: Vec::new(), removed: Vec::new() };
        let (_, wanted) = change.wanted();
        let mut gone = match change {
            LinkChange::Edit { remove, .. } => seen(session, field, remove).await?,
            LinkChange::Set(_) => all(session, model, field, id).await?,
        };
        let mut stay = wanted.to_vec();
        stay.sort_unstable();
        gone.retain(|it| stay.binary_search(it).is_err());
        if !gone.is_empty() {
            let statement = sql::delete_links(session, model, field, (id, gone))?;
            let gone = session.link().await?.fetch(&statement.statement()).await?;
            done.removed = gone.iter().map(|it| it.int(0)).collect::<Result<_>>()?;
        }
        done.added = insert(session, model, field, [vec![id; stay.len()], stay]).await?;
        let far: Vec<i64> = done.added.iter().chain(&done.removed).copied().collect();
        if !far.is_empty() {
            work.note_links(model, field.id, (&[id], &far)).await?;
            relinked.push(done);
        }
    }
    Ok(relinked)
}

/// Writes the links of new records.
pub(super) async fn add(
    work: &mut Work,
    model: &SchemaModel,
    rows: &mut [RawChange],
) -> Result<()> {
    let session = &work.session().clone();
    for field in model.fields().iter().filter(|it| it.has_links()) {
        let mut ends = [Vec::new(), Vec::new()];
        for row in rows.iter_mut() {
            let Some(id) = row.id else { continue };
            let of_field = row.request.links.iter().filter(|it| it.field == field.id);
            let mut added: Vec<i64> =
                of_field.flat_map(|it| it.change.wanted().1).copied().collect();
            added.sort_unstable();
            added.dedup();
            if !added.is_empty() {
                ends[0].extend(vec![id; added.len()]);
                ends[1].extend(&added);
                row.relinked.push(Relinked { field: field.id, added, removed: Vec::new() });
            }
        }
        let far = insert(session, model, field, ends.clone()).await?;
        if !far.is_empty() {
            work.note_links(model, field.id, (&ends[0], &far)).await?;
        }
    }
    Ok(())
}

/// Makes links; the far ends of those that are new.
async fn insert(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    ends: [Vec<i64>; 2],
) -> Result<Vec<i64>> {
    if ends[0].is_empty() {
        return Ok(Vec::new());
    }
    let statement = sql::insert_links(session, model, field, ends)?;
    let done = session.link().await?.fetch(&statement.statement()).await;
    let rows = done.map_err(|it| conflict::of_links(field, it))?;
    rows.iter().map(|it| it.int(0)).collect()
}

/// Of these ids, those that the asker may take away.
async fn seen(session: &Session, field: &SchemaField, ids: &[i64]) -> Result<Vec<i64>> {
    if session.is_system() || ids.is_empty() {
        return Ok(ids.to_vec());
    }
    reference::seen(session, session.schema().target(field), ids.to_vec()).await
}

/// Every id that the asker sees at the other end of a record.
async fn all(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    id: i64,
) -> Result<Vec<i64>> {
    if matches!(session.scope(session.schema().target(field), Verb::Read), Scope::Denied) {
        return Ok(Vec::new());
    }
    let statement = sql::linked_ids(session, model, field, (vec![id], i64::MAX))?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(1)).collect()
}

/// For each of these records, the ids at the other end of a to-many field: of records that the
/// asker may see, ascending. One statement, however many records.
///
/// # Errors
/// Denied without a read grant on the other end; a bad query when there are too many.
pub async fn linked(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    of: &[i64],
) -> Result<Vec<Vec<i64>>> {
    let statement = linked_statement(session, model, field, of.to_vec())?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    linked_lists(field, of, &rows)
}

/// The statement of [`linked`].
pub(super) fn linked_statement(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    of: Vec<i64>,
) -> Result<sql::Bound> {
    sql::linked_ids(session, model, field, (of, LINKED_MAX as i64 + 1))
}

/// Its rows as lists, in the order of the records, of which each stands once.
pub(super) fn linked_lists(field: &SchemaField, of: &[i64], rows: &[Row]) -> Result<Vec<Vec<i64>>> {
    if rows.len() as u64 > LINKED_MAX {
        return Err(too_many(field));
    }
    let mut lists: Vec<Vec<i64>> = vec![Vec::new(); of.len()];
    let mut positions: Vec<(i64, usize)> = of.iter().copied().zip(0..).collect();
    positions.sort_unstable();
    for row in rows {
        let found = positions.binary_search_by_key(&row.int(0)?, |it| it.0);
        let at = found.map_err(|_| Error::broken("a link of a record that was not named"))?;
        lists[positions[at].1].push(row.int(1)?);
    }
    Ok(lists)
}

/// The fault of a field that would give more ids than an answer holds.
pub(super) fn too_many(field: &SchemaField) -> Error {
    Error::bad_query(
        Violation::at_parameter("fields", "bad_parameter")
            .with("reason", "too_many")
            .with("field", field.def.key)
            .with("max", LINKED_MAX),
    )
}
