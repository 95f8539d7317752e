//! Creating records.

use crate::{
    Error, RawChanges, Result, Scope, Session, Value, Verb,
    engine::{
        change_set::RawSet,
        conflict, hook, links, recompute, reference,
        request::{Prepared, Request},
        rows::{Rows, Written},
        snapshot::Snapshot,
        transaction::in_transaction,
        whole,
        work::Work,
    },
    schema::{FieldId, SchemaModel},
    sql,
};

/// Creates a record.
///
/// # Errors
/// Denied without a grant or when the new record is outside of the rule; invalid with every
/// fault of one stage; a conflict when it is not unique.
pub async fn create(
    session: &Session,
    model: &SchemaModel,
    changes: RawChanges,
) -> Result<Written> {
    allowed(session, model)?;
    let request = &Request::new_record(model, changes).await?;
    in_transaction(session, |session: Session| async move {
        let mut work = Work::new(session);
        let mut set = records(&mut work, model, vec![request.clone()]).await?;
        work.recompute(&mut set).await?;
        let set = work.ask_author(set).await?;
        work.settle().await?;
        work.written(set)
    })
    .await
}

/// Creates records of one model in one statement, and one for each field that links them; their
/// ids, in the given order.
///
/// # Errors
/// As [`create`]; one fault refuses all.
pub async fn create_many(
    session: &Session,
    model: &SchemaModel,
    list: Vec<RawChanges>,
) -> Result<Vec<i64>> {
    allowed(session, model)?;
    let mut requests = Vec::with_capacity(list.len());
    for changes in list {
        requests.push(Request::new_record(model, changes).await?);
    }
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let requests = &requests;
    in_transaction(session, |session: Session| async move {
        let mut work = Work::new(session);
        let mut set = records(&mut work, model, requests.clone()).await?;
        work.recompute(&mut set).await?;
        let set = work.ask_author(set).await?;
        work.settle().await?;
        Ok(set.ids())
    })
    .await
}

/// A write needs read, too: what is written comes back.
fn allowed(session: &Session, model: &SchemaModel) -> Result<()> {
    match session.scope(model, Verb::Create) {
        Scope::Denied => Err(Error::denied()),
        Scope::All | Scope::Where(_) => Ok(()),
    }
}

/// Writes new records of one model, with all that belongs to them.
pub(super) async fn records(
    work: &mut Work,
    model: &SchemaModel,
    requests: Vec<Request>,
) -> Result<RawSet> {
    let session = &work.session().clone();
    let rows = requests.into_iter().map(|it| (None, it));
    let set = RawSet::new(session, model, Verb::Create, rows);
    let mut set = hook::before(session, set).await?;
    is_filled(session, &set).await?;
    recompute::foresee(session, &mut set).await?;
    insert(work, model, &mut set).await?;
    links::add(work, model, &set.rows).await?;
    work.note_stale(&set).await?;
    Ok(set)
}

/// What the author was to fill in is there. They may have been unable to because a reference leads
/// nowhere; that is the fault then.
async fn is_filled(session: &Session, set: &RawSet) -> Result<()> {
    let model = set.model();
    let faults: Vec<_> = set.rows.iter().flat_map(|it| it.request.unfilled(model)).collect();
    if faults.is_empty() {
        return Ok(());
    }
    let requests: Vec<&Request> = set.rows.iter().map(|it| &it.request).collect();
    reference::check(session, model, &requests).await?;
    Err(Error::invalid(faults))
}

/// Writes the rows.
async fn insert(work: &mut Work, model: &SchemaModel, set: &mut RawSet) -> Result<()> {
    let session = &work.session().clone();
    let wholes = whole::named(model, set.rows.iter().map(|it| &it.request));
    if !session.is_system() {
        let requests: Vec<&Request> = set.rows.iter().map(|it| &it.request).collect();
        reference::check(session, model, &requests).await?;
        whole::judge(session, model, &wholes).await?;
    }
    let written = statement(session, model, set).await?;
    let judged = written.text.layout.len();
    for (row, written) in set.rows.iter_mut().zip(written.list) {
        let new = Snapshot::new(written, 0);
        let id = new.id()?;
        let verdicts = (new.row().flag(judged)?, new.row().flag(judged + 1)?);
        let is_part = model.parent.is_some();
        work.note_verdicts((model, Verb::Create), id, verdicts, is_part)?;
        work.note_raised(model, id);
        row.id = Some(id);
        row.new = Some(new);
    }
    work.note_wholes(model, &wholes);
    set.text = Some(written.text);
    Ok(())
}

async fn statement(session: &Session, model: &SchemaModel, set: &RawSet) -> Result<Rows> {
    let stamped = stamp(session, model);
    let first = set.rows.first().ok_or_else(|| Error::broken("a set without records"))?;
    let own = first.request.values.iter().map(|it| it.0);
    let fields: Vec<FieldId> = own.chain(stamped.iter().map(|it| it.0)).collect();
    let values = |row: &Request| row.values.iter().chain(&stamped).map(|it| it.1.clone()).collect();
    let rows = set.rows.iter().map(|it| values(&it.request)).collect();
    let statement = sql::insert(session, model, &fields, rows)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it).within(&first.request.pointer))?;
    Ok(Rows::of(statement.text, list))
}

/// Who makes it, and when.
fn stamp(session: &Session, model: &SchemaModel) -> Prepared {
    let now = Value::DateTime(session.now());
    let who = session.asker_id().map_or(Value::Null, Value::Int);
    let values = [
        ("created_at", now.clone()),
        ("created_by", who.clone()),
        ("updated_at", now),
        ("updated_by", who),
    ];
    values.into_iter().filter_map(|(name, it)| Some((model.field(name)?.id, it))).collect()
}
