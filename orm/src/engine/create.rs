//! Creating records.

use std::mem;

use crate::{
    Error, ErrorKind, RawChanges, Result, Scope, Session, Value, Verb,
    engine::{
        change_set::{RawChange, RawSet},
        conflict, hook,
        lines::{self, LineOf},
        links, recompute,
        request::{Prepared, Request, put},
        rows::{Rows, Written},
        snapshot::Snapshot,
        transaction::{in_transaction, refuse_written},
        whole,
        work::Work,
    },
    schema::{FieldId, SchemaModel},
    sql::{self, NewRows, Question},
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
    let request = &Request::new_record(session.schema(), model, changes).await?;
    in_transaction(session, |session: Session| async move {
        let mut work = Work::new(session);
        let mut set = records(&mut work, model, vec![request.clone()], None).await?;
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
        requests.push(Request::new_record(session.schema(), model, changes).await?);
    }
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    if session.is_in_transaction() {
        // Whoever began it may try again, not we: nothing is kept for that.
        return many(session.clone(), model, requests).await;
    }
    let requests = &requests;
    in_transaction(session, |session: Session| many(session, model, requests.clone())).await
}

async fn many(session: Session, model: &SchemaModel, requests: Vec<Request>) -> Result<Vec<i64>> {
    let mut work = Work::new(session);
    let mut set = records(&mut work, model, requests, None).await?;
    work.recompute(&mut set).await?;
    let set = work.ask_author(set).await?;
    work.settle().await?;
    Ok(set.ids())
}

/// A write needs read, too: what is written comes back.
fn allowed(session: &Session, model: &SchemaModel) -> Result<()> {
    match session.scope(model, Verb::Create) {
        Scope::Denied => Err(Error::denied()),
        Scope::All | Scope::Where(_) => Ok(()),
    }
}

/// Writes new records of one model, with all that belongs to them; `of` says how they belong to
/// records that they are lines of.
pub(super) async fn records(
    work: &mut Work,
    model: &SchemaModel,
    requests: Vec<Request>,
    of: Option<LineOf>,
) -> Result<RawSet> {
    let session = &work.session().clone();
    let rows = requests.into_iter().map(|it| (None, it));
    let mut set = RawSet::new(session, model, Verb::Create, rows);
    set.comes_with_new = of.is_some_and(|it| it.is_first);
    in_own_company(session, &mut set);
    if hook::has_before(model) {
        let wholes = wholes(&set, of);
        set = hook::before(session, set).await?;
        stay(&mut set, of, wholes);
    }
    // Lines were looked at with their record, before their author was asked.
    if of.is_none() || set.leads_on {
        let but: Vec<FieldId> = of.iter().map(|it| it.reference).collect();
        lines::check(session, model, &mut set, &but).await?;
    }
    is_filled(&set)?;
    recompute::foresee(session, &mut set).await?;
    insert(work, model, &mut set, of).await?;
    links::add(work, model, &mut set.rows).await?;
    work.note_stale(&set).await?;
    if set.has_lines() {
        judge_without_lines(session, model, &set, of).await?;
        lines::write(work, &mut set).await?;
    }
    Ok(set)
}

/// What the author was to fill in is there.
fn is_filled(set: &RawSet) -> Result<()> {
    let model = set.model();
    let faults: Vec<_> = set.rows.iter().flat_map(|it| it.request.unfilled(model)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Gives records the asker's own company, where their model's have one and nobody said which.
fn in_own_company(session: &Session, set: &mut RawSet) {
    let schema = set.schema.clone();
    let field = schema.model(set.model).def.company_owned;
    let field = field.and_then(|it| schema.model(set.model).field(it));
    let company = session.access().parameter("my_company");
    if let (Some(field), Some(company @ Value::Int(_))) = (field, company) {
        for row in set.rows.iter_mut().filter(|it| !it.request.named.contains(field.id)) {
            row.request.named.insert(field.id);
            put(&mut row.request.values, field.id, company.clone());
        }
    }
}

/// What new lines are lines of.
fn wholes(set: &RawSet, of: Option<LineOf>) -> Vec<Option<Value>> {
    let whole = |it: &RawChange| it.request.value(of?.reference).cloned();
    set.rows.iter().map(whole).collect()
}

/// A line stays one of its record, whatever was said before it was written.
fn stay(set: &mut RawSet, of: Option<LineOf>, wholes: Vec<Option<Value>>) {
    let Some(of) = of else { return };
    for (row, whole) in set.rows.iter_mut().zip(wholes) {
        put(&mut row.request.values, of.reference, whole.unwrap_or(Value::Null));
    }
}

/// A rule that looks at the lines of a new record is not passed by these lines alone: it is
/// judged without them here, and with them before the commit.
async fn judge_without_lines(
    session: &Session,
    model: &SchemaModel,
    set: &RawSet,
    of: Option<LineOf>,
) -> Result<()> {
    let looks_at_lines =
        matches!(session.scope(model, Verb::Create), Scope::Where(rule) if rule.has_paths());
    if !looks_at_lines || of.is_some_and(|it| it.is_part) {
        return Ok(());
    }
    let judged = sql::judge(session, model, set.ids(), Question::of(&[Verb::Create]))?;
    for row in session.link().await?.fetch(&judged.statement()).await? {
        if !row.bool(2)? {
            return Err(refuse_written(session));
        }
    }
    Ok(())
}

/// Writes the rows.
async fn insert(
    work: &mut Work,
    model: &SchemaModel,
    set: &mut RawSet,
    of: Option<LineOf>,
) -> Result<()> {
    work.note_inserting();
    let session = &work.session().clone();
    // Parts that come with their whole are judged with it: as it was, and as it becomes.
    let is_judged_with_whole = of.is_some_and(|it| it.is_part);
    let wholes = match is_judged_with_whole {
        true => Vec::new(),
        false => whole::named(model, set.rows.iter().map(|it| &it.request)),
    };
    whole::judge(session, model, &wholes).await?;
    let is_kept = set.rows.len() == 1 || is_looked_at(session, model);
    let written = statement(session, model, set, is_kept).await?;
    let judged = written.text.layout.len();
    for (row, written) in set.rows.iter_mut().zip(written.list) {
        let new = Snapshot::new(written, 0);
        let id = new.id()?;
        if !is_judged_with_whole {
            let verdicts = (new.row().flag(judged)?, new.row().flag(judged + 1)?);
            let is_part = model.parent.is_some();
            work.note_verdicts((model, Verb::Create), id, verdicts, is_part)?;
        }
        work.note_raised(model, id);
        row.id = Some(id);
        row.new = is_kept.then_some(new);
    }
    work.note_wholes(model, &wholes);
    set.text = Some(written.text);
    Ok(())
}

/// Whether anybody wants to know what many new records hold. If not, their keys come back and
/// nothing else.
fn is_looked_at(session: &Session, model: &SchemaModel) -> bool {
    let def = model.def;
    let checks = model.authors(|it| it.check, |it| it.check).next();
    let hooks = model.authors(|it| it.after, |it| it.after).next();
    checks.is_some()
        || hooks.is_some()
        || def.check_change.is_some()
        || def.after_commit.is_some()
        || def.history.is_some()
        || !session.schema().dependencies.of_model(model.id).is_empty()
}

/// Runs the statement. Of several lines PostgreSQL does not say which it refuses: then a careful
/// attempt tries each alone, so that the fault stands where it belongs.
async fn statement(
    session: &Session,
    model: &SchemaModel,
    set: &mut RawSet,
    is_kept: bool,
) -> Result<Rows> {
    let is_placed = set.rows.first().is_some_and(|it| !it.request.pointer.is_empty());
    let is_one_of_many = set.rows.len() > 1 && is_placed;
    if !is_one_of_many || session.leaves_to_database() {
        return insert_rows(session, model, &mut set.rows, is_kept).await;
    }
    let tx = session.begin().await?;
    let error = match insert_rows(&tx, model, &mut set.rows, true).await {
        Ok(rows) => return tx.commit().await.map(|()| rows),
        Err(error) => error,
    };
    tx.rollback().await?;
    if matches!(error.kind(), ErrorKind::Invalid(_) | ErrorKind::NotUnique { .. }) {
        for row in &mut set.rows {
            insert_rows(session, model, std::slice::from_mut(row), true).await?;
        }
    }
    session.doom();
    Err(error)
}

/// Inserts rows of the same fields. They come back whole; those that nobody keeps give their
/// values away, and come back by their keys alone.
async fn insert_rows(
    session: &Session,
    model: &SchemaModel,
    rows: &mut [RawChange],
    is_kept: bool,
) -> Result<Rows> {
    let first = rows.first().ok_or_else(|| Error::broken("a set without records"))?;
    let pointer = first.request.pointer.clone();
    let values = rows.iter_mut().map(|it| match is_kept {
        true => it.request.values.clone(),
        false => mem::take(&mut it.request.values),
    });
    let mut rows: Vec<Prepared> = values.collect();
    let mut stamped = stamp(session, model);
    if rows.iter().all(Vec::is_empty) {
        // A model without columns of its own has rows none the less.
        rows.fill(mem::take(&mut stamped));
    }
    let new = NewRows { rows, stamped, is_whole: is_kept };
    let statement = sql::insert(session, model, new)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it).within(&pointer))?;
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
