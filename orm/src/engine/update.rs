//! Changing records, one or all that pass a filter.

use std::sync::Arc;

use crate::{
    Error, ErrorKind, Filter, RawChanges, Result, Scope, Session, Value, Verb,
    engine::{
        change_set::RawSet,
        conflict,
        hold::{hold, hold_parents, hold_wholes, lock},
        hook, lines, links, recompute, reference,
        request::{Prepared, Request},
        rows::Written,
        snapshot::Snapshot,
        transaction::in_transaction,
        whole,
        work::Work,
    },
    pg::{Lane, Row},
    schema::{FieldId, FieldSet, SchemaModel},
    sql::{self, Bound, Bulk, EachRow, Question, Select, Terms, Text},
};

/// Changes a record; when `version` is given, only if it has that version.
///
/// A change that changes nothing writes nothing and does not raise the version. One statement in
/// the usual case; what stands in the way is asked only when nothing was changed.
///
/// # Errors
/// Missing when it is hidden; denied by grant or rule, for the old row or the new; a version
/// mismatch; invalid with every fault of one stage; a conflict when it is not unique.
pub async fn update(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    changes: RawChanges,
    version: Option<i64>,
) -> Result<Written> {
    allowed(session, model)?;
    let request = &Request::change(session.schema(), model, changes).await?;
    let done = in_transaction(session, |session: Session| async move {
        let session = &session;
        let mut work = Work::new(session.clone());
        let mut set = record(&mut work, model, (id, version), request.clone()).await?;
        if set.text.is_none() {
            return unchanged(session, model, id).await;
        }
        work.recompute(&mut set).await?;
        let set = work.ask_author(set).await?;
        work.settle().await?;
        work.written(set)
    });
    match done.await {
        // Which models point at lines that should go is asked when the transaction is over.
        Err(error) if matches!(error.kind(), ErrorKind::StillReferenced { .. }) => {
            let mut deleted = Vec::new();
            lines::deleted(session.schema(), model, request, &mut deleted)?;
            Err(conflict::still_referenced(session, &deleted).await.unwrap_or(error))
        }
        done => done,
    }
}

/// Changes one record, if anything is to be changed: without a text, nothing was.
pub(super) async fn record(
    work: &mut Work,
    model: &SchemaModel,
    (id, version): (i64, Option<i64>),
    request: Request,
) -> Result<RawSet> {
    let session = &work.session().clone();
    hold_wholes(session, model, &[id], whole::named(model, std::iter::once(&request))).await?;
    let wholes = hold(session, model, Verb::Update, &[id]).await?;
    let mut set = RawSet::new(session, model, Verb::Update, [(Some(id), request)].into_iter());
    let named = set.only()?.request.named.clone();
    if reads_first(session, model, &named) {
        let every: Vec<FieldId> = model.columns().map(|it| it.id).collect();
        let row = stand_in_the_way(session, model, id, version, &every).await?;
        set.only()?.old = Some(Snapshot::new(row, BEHIND_VERDICTS));
        set = hook::before(session, set).await?;
        recompute::foresee(session, &mut set).await?;
    }
    let (has_links, has_lines) = (!set.only()?.request.links.is_empty(), set.has_lines());
    let is_held = has_links || has_lines;
    if is_held || (reference::has_references(model, &set.only()?.request) && !session.is_system()) {
        check_references(session, model, (id, version), &mut set).await?;
    }
    let row = set.only()?;
    if has_links {
        row.relinked = links::change(work, model, id, &row.request.links).await?;
    }
    let request = &row.request;
    let mut written = match !row.relinked.is_empty() {
        true => Some(change_linked(session, model, id, request).await?),
        false => change(session, model, (id, version), request).await?,
    };
    if written.is_none() && !is_held {
        stand_in_the_way(session, model, id, version, &[]).await?;
        // Whoever held the row until now may have changed what kept it from being changed.
        written = change(session, model, (id, version), request).await?;
    }
    let moved_to = whole::named(model, std::iter::once(request));
    let is_moved = moves(model, request);
    if has_lines && lines::write(work, &mut set).await?.contains(&true) && written.is_none() {
        written = Some(change_linked(session, model, id, &Request::default()).await?);
    }
    let Some((text, written)) = written else { return Ok(set) };
    let judged = text.layout.len();
    let verdicts = (written.flag(judged)?, written.flag(judged + 1)?);
    work.note_verdicts((model, Verb::Update), id, verdicts, is_moved)?;
    work.note_raised(model, id);
    work.note_left(model, &wholes);
    work.note_wholes(model, &moved_to);
    set.only()?.new = Some(Snapshot::new(written, 0));
    set.text = Some(text);
    work.note_stale(&set).await?;
    Ok(set)
}

/// Whether the rows of a model are read before these fields of them are written.
pub(super) fn reads_first(session: &Session, model: &SchemaModel, named: &FieldSet) -> bool {
    let has_hooks = model.authors(|it| it.before.or(it.after), |it| it.before.or(it.after));
    let def = model.def;
    let is_looked_at = def.after_commit.is_some() || def.history.is_some();
    let has_author = has_hooks.count() > 0 || def.check_change.is_some() || is_looked_at;
    has_author || recompute::is_input(session, model, named)
}

/// The position of the first column behind id, version and two verdicts.
const BEHIND_VERDICTS: usize = 4;

/// Whether the asker may change any record of the model: a change needs both grants.
pub(super) fn allowed(session: &Session, model: &SchemaModel) -> Result<()> {
    let is_denied = |verb| matches!(session.scope(model, verb), Scope::Denied);
    if is_denied(Verb::Read) || is_denied(Verb::Update) { Err(Error::denied()) } else { Ok(()) }
}

/// Runs the statement; `None` when it changed nothing.
async fn change(
    session: &Session,
    model: &SchemaModel,
    (id, version): (i64, Option<i64>),
    request: &Request,
) -> Result<Option<(Arc<Text>, Row)>> {
    if request.values.is_empty() {
        return Ok(None);
    }
    let terms = Terms::asked(version);
    let statement = sql::update(session, model, (id, terms), &request.values)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it).within(&request.pointer))?;
    Ok(list.into_iter().next().map(|it| (statement.text, it)))
}

/// Writes a record whose links were changed: its old row was judged before, when it was locked.
pub(super) async fn change_linked(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    request: &Request,
) -> Result<(Arc<Text>, Row)> {
    let statement = sql::update(session, model, (id, Terms::linked()), &request.values)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it).within(&request.pointer))?;
    let row = list.into_iter().next().ok_or_else(Error::missing)?;
    Ok((statement.text, row))
}

/// Whether a part would go to another whole: one that is to be held, too, and that must be seen.
pub(super) fn moves(model: &SchemaModel, request: &Request) -> bool {
    model.parent.is_some_and(|it| request.value(it).is_some())
}

/// Why nothing was changed, in the order of the answers: hidden, forbidden, another version. The
/// row is locked, so that the answer stays true; the values of `fields` come back.
async fn stand_in_the_way(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    version: Option<i64>,
    fields: &[FieldId],
) -> Result<Row> {
    let verbs = [Verb::Read, Verb::Update];
    let judged =
        sql::judge(session, model, vec![id], Question { fields, ..Question::locked(&verbs) })?;
    let rows = session.link().await?.fetch(&judged.statement()).await?;
    let row = rows.into_iter().next().ok_or_else(Error::missing)?;
    if !row.bool(2)? {
        return Err(Error::missing());
    }
    if !row.bool(3)? {
        return Err(Error::denied());
    }
    let current = row.int(1)?;
    if version.is_some_and(|it| it != current) {
        return Err(ErrorKind::VersionMismatch { current }.into());
    }
    Ok(row)
}

/// Locks the record, and checks the links, the lines and the references that would change; one
/// that stays as it is is no write of it, even when its record is hidden.
async fn check_references(
    session: &Session,
    model: &SchemaModel,
    (id, version): (i64, Option<i64>),
    set: &mut RawSet,
) -> Result<()> {
    let row = set.only()?;
    let is_reference = |it: &&(FieldId, Value)| reference::is_reference(model.at(it.0));
    let named: Vec<&(FieldId, Value)> = row.request.values.iter().filter(is_reference).collect();
    let read = match &row.old {
        Some(_) => None,
        None => {
            let fields: Vec<FieldId> = named.iter().map(|it| it.0).collect();
            Some(stand_in_the_way(session, model, id, version, &fields).await?)
        }
    };
    let stored = |at: usize, field: FieldId| match (&row.old, &read) {
        (Some(old), _) => old.value(model, field),
        (None, Some(row)) => {
            let read = model.at(field).def.kind.rules().read;
            row.raw(BEHIND_VERDICTS + at).map_or(Ok(Value::Null), read)
        }
        (None, None) => Ok(Value::Null),
    };
    let mut unchanged = Vec::new();
    for (at, (field, value)) in named.into_iter().enumerate() {
        if stored(at, *field)? == *value {
            unchanged.push(*field);
        }
    }
    lines::check(session, model, set, &unchanged).await?;
    if model.parent.is_some_and(|it| unchanged.contains(&it)) {
        return Ok(());
    }
    whole::judge(session, model, &whole::named(model, set.rows.iter().map(|it| &it.request))).await
}

/// The record as it stands.
async fn unchanged(session: &Session, model: &SchemaModel, id: i64) -> Result<Written> {
    let whole = Select { lane: Lane::ByKey, ..Select::one(Vec::new(), id) };
    let mut rows = super::list::select_whole(session, model, whole, &[]).await?;
    let at_read: Vec<FieldId> = model.at_read().map(|it| it.id).collect();
    let text = rows.text.clone();
    rows.work_out(model, &at_read, |it| text.layout.position(it))?;
    let version = rows.int(model, "version")?;
    Ok(Written { rows, is_visible: true, id, version })
}

/// Changes every record that passes and that the asker may read and change; how many. One that
/// is so already is neither written nor counted.
///
/// # Errors
/// Too many when more than `max` would be changed, denied when one new row is outside of the
/// rule; in both cases nothing is changed.
pub async fn update_where(
    session: &Session,
    model: &SchemaModel,
    filter: &Filter,
    changes: RawChanges,
    max: i64,
) -> Result<i64> {
    allowed(session, model)?;
    let request = &Request::change(session.schema(), model, changes).await?;
    if !request.links.is_empty() || !request.lines.is_empty() {
        return Err(Error::broken(
            "links and lines are changed record by record, never by a filter",
        ));
    }
    in_transaction(session, |session: Session| async move {
        if request.values.is_empty() {
            return Ok(0);
        }
        let bulk = Bulk { filter, verb: Verb::Update, named: &request.values, max };
        let ids = lock(&session, model, bulk).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        if !session.is_system() {
            reference::check(&session, model, request).await?;
            whole::judge(&session, model, &whole::named(model, std::iter::once(request))).await?;
        }
        let affected = within(max, &ids)?;
        let mut work = Work::new(session);
        let mut set = records(&mut work, model, &ids, request).await?;
        work.recompute(&mut set).await?;
        work.ask_author(set).await?;
        work.settle().await?;
        Ok(affected)
    })
    .await
}

/// Changes records that are locked, all to the same.
async fn records(
    work: &mut Work,
    model: &SchemaModel,
    ids: &[i64],
    request: &Request,
) -> Result<RawSet> {
    let session = &work.session().clone();
    let rows = ids.iter().map(|id| (Some(*id), request.clone()));
    let mut set = RawSet::new(session, model, Verb::Update, rows);
    if reads_first(session, model, &request.named) {
        read_old(session, model, &mut set).await?;
        set = hook::before(session, set).await?;
        recompute::foresee(session, &mut set).await?;
    }
    if set.has_lines() {
        return Err(Error::broken("lines are changed record by record, never by a filter"));
    }
    let wholes = hold_parents(session, model, ids).await?;
    work.note_left(model, &wholes);
    work.note_wholes(model, &whole::named(model, set.rows.iter().map(|it| &it.request)));
    let positions = set.positions();
    for (fields, rows) in by_fields(&set) {
        let statement = of_group(session, model, &fields, rows)?;
        let done = session.link().await?.fetch(&statement.statement()).await;
        let judged = statement.text.layout.len();
        for written in done.map_err(|it| conflict::of_write(model, it))? {
            let new = Snapshot::new(written, 0);
            let id = new.id()?;
            let verdicts = (new.row().flag(judged)?, new.row().flag(judged + 1)?);
            let is_moved = moves(model, request);
            work.note_verdicts((model, Verb::Update), id, verdicts, is_moved)?;
            work.note_raised(model, id);
            if let Some(at) = positions.get(&id) {
                set.rows[*at].new = Some(new);
            }
        }
    }
    work.note_stale(&set).await?;
    Ok(set)
}

/// A record, and what its fields are set to.
type KeyAndValues = (i64, Vec<Value>);

/// Records by the fields that are set, with the values: hooks may have named other fields of some.
fn by_fields(set: &RawSet) -> Vec<(Vec<FieldId>, Vec<KeyAndValues>)> {
    let mut groups: Vec<(Vec<FieldId>, Vec<KeyAndValues>)> = Vec::new();
    for row in &set.rows {
        let Some(id) = row.id else { continue };
        let (fields, values): (Vec<FieldId>, Vec<Value>) =
            row.request.values.iter().cloned().unzip();
        match groups.iter_mut().find(|it| it.0 == fields) {
            Some(group) => group.1.push((id, values)),
            None => groups.push((fields, vec![(id, values)])),
        }
    }
    groups
}

/// One statement for records whose same fields are set: to the same, or to what each is given.
fn of_group(
    session: &Session,
    model: &SchemaModel,
    fields: &[FieldId],
    rows: Vec<KeyAndValues>,
) -> Result<Bound> {
    let same = rows.first().map(|it| it.1.clone()).unwrap_or_default();
    if rows.iter().all(|it| it.1 == same) {
        let ids = rows.into_iter().map(|it| it.0).collect();
        let values: Prepared = fields.iter().copied().zip(same).collect();
        return sql::update_ids(session, model, ids, &values);
    }
    let each = |(id, values)| EachRow { id, is_raised: true, values };
    sql::update_each(session, model, fields, rows.into_iter().map(each).collect())
}

/// Locks and reads the records of a set as they are before the write, but for those that are known.
pub(super) async fn read_old(
    session: &Session,
    model: &SchemaModel,
    set: &mut RawSet,
) -> Result<()> {
    let unknown = set.rows.iter().filter(|it| it.old.is_none());
    let ids: Vec<i64> = unknown.filter_map(|it| it.id).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let every: Vec<FieldId> = model.columns().map(|it| it.id).collect();
    let question = Question { fields: &every, ..Question::locked(&[]) };
    let read = sql::judge(session, model, ids, question)?;
    let positions = set.positions();
    for row in session.link().await?.fetch(&read.statement()).await? {
        // Behind id and version.
        let old = Snapshot::new(row, 2);
        if let Some(at) = positions.get(&old.id()?) {
            set.rows[*at].old = Some(old);
        }
    }
    Ok(())
}

/// How many there are.
///
/// # Errors
/// When there are more than allowed.
pub(super) fn within(max: i64, ids: &[i64]) -> Result<i64> {
    let affected = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    if affected > max {
        return Err(ErrorKind::TooManyAffected { affected }.into());
    }
    Ok(affected)
}
