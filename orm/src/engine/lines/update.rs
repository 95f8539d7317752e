//! Changes of lines: each by its own statement, so that a fault stands where it belongs.

use crate::{
    Error, Result, Session, Verb,
    engine::{
        change_set::{RawChange, RawSet},
        conflict, hook,
        lines::{Line, LineOf, check, write},
        links, recompute,
        request::Request,
        snapshot::Snapshot,
        update::{change_linked, moves},
        whole,
        work::Work,
    },
    pg::Row,
    schema::SchemaModel,
    sql::{self, Terms},
};

/// Changes lines that were looked at with the records that have them; of each, whether it is
/// another than before.
///
/// # Errors
/// As a change of each of them alone.
pub(super) async fn update(
    work: &mut Work,
    model: &SchemaModel,
    of: LineOf,
    lines: Vec<Line>,
) -> Result<Vec<bool>> {
    let session = &work.session().clone();
    let mut set = RawSet::new(session, model, Verb::Update, std::iter::empty());
    set.rows.extend(lines.into_iter().map(RawChange::of_line));
    if hook::has_before(model) {
        set = hook::before(session, set).await?;
        // A line stays one of its record, whatever was said before it was written.
        let values = set.rows.iter_mut().map(|it| &mut it.request.values);
        values.for_each(|it| it.retain(|(field, _)| *field != of.reference));
        check(session, model, &mut set, &[of.reference]).await?;
    }
    judge_new_wholes(session, model, &set).await?;
    recompute::foresee(session, &mut set).await?;
    for row in &mut set.rows {
        let id = row.id.ok_or_else(|| Error::broken("a line without a key"))?;
        row.relinked = links::change(work, model, id, &row.request.links).await?;
        let request = &row.request;
        let written = match !row.relinked.is_empty() {
            true => Some(change_linked(session, model, id, request).await?.1),
            false => change_held(session, model, id, request).await?,
        };
        row.new = written.map(|it| Snapshot::new(it, 0));
    }
    if set.has_lines() {
        let changed = write(work, &mut set).await?;
        let rows = set.rows.iter().zip(changed).filter(|(row, it)| *it && row.new.is_none());
        let raised: Vec<i64> = rows.filter_map(|(row, _)| row.id).collect();
        raise(session, model, raised, &mut set).await?;
    }
    note_lines(work, model, of, &set)?;
    work.note_stale(&set).await?;
    let changed = set.rows.iter().map(|it| it.new.is_some()).collect();
    set.rows.retain(|it| it.new.is_some());
    if !set.rows.is_empty() {
        work.keep(set);
    }
    Ok(changed)
}

/// Parts of other wholes than the record around them: that these may be changed is judged before
/// a line goes to one of them.
async fn judge_new_wholes(session: &Session, model: &SchemaModel, set: &RawSet) -> Result<()> {
    let Some(parent) = model.parent else { return Ok(()) };
    let mut moved = Vec::new();
    for row in set.rows.iter().filter(|it| it.request.value(parent).is_some()) {
        let old = row.old.as_ref().map(|it| it.value(model, parent)).transpose()?;
        if old.as_ref() != row.request.value(parent) {
            moved.push(&row.request);
        }
    }
    whole::judge(session, model, &whole::named(model, moved.into_iter())).await
}

/// Raises the versions of records that are held and not changed themselves.
async fn raise(
    session: &Session,
    model: &SchemaModel,
    ids: Vec<i64>,
    set: &mut RawSet,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let statement = sql::update_ids(session, model, ids, &[])?;
    for row in session.link().await?.fetch(&statement.statement()).await? {
        let new = Snapshot::new(row, 0);
        let id = new.id()?;
        if let Some(row) = set.rows.iter_mut().find(|it| it.id == Some(id)) {
            row.new = Some(new);
        }
    }
    Ok(())
}

/// Notes lines as they were written. Parts of the record around them are judged with it.
fn note_lines(work: &mut Work, model: &SchemaModel, of: LineOf, set: &RawSet) -> Result<()> {
    let judged = model.columns().count();
    for row in &set.rows {
        let (Some(id), Some(new)) = (row.id, &row.new) else { continue };
        work.note_raised(model, id);
        if !of.is_part {
            let whole = row.old.as_ref().map(|it| it.whole(model)).transpose()?.flatten();
            work.note_left(model, whole.as_slice());
            let verdicts = (new.row().flag(judged)?, new.row().flag(judged + 1)?);
            let is_moved = moves(model, &row.request);
            work.note_verdicts((model, Verb::Update), id, verdicts, is_moved)?;
            work.note_wholes(model, &whole::named(model, std::iter::once(&row.request)));
        }
    }
    Ok(())
}

/// Writes a record that is held and judged, if anything would change.
async fn change_held(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    request: &Request,
) -> Result<Option<Row>> {
    if request.values.is_empty() {
        return Ok(None);
    }
    let statement = sql::update(session, model, (id, Terms::held()), &request.values)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it).within(&request.pointer))?;
    Ok(list.into_iter().next())
}
