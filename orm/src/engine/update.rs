//! Changing records, one or all that pass a filter.

use crate::{
    Error, ErrorKind, Filter, RawChanges, Result, Scope, Session, Value, Verb,
    engine::{
        conflict,
        hold::{hold, hold_parents, is_judged_elsewhere},
        hook::{self, WriteSet},
        links::{self, Links},
        prepare::{self, Prepared},
        reference,
        rows::{Rows, Written},
        touch,
        transaction::{in_transaction, refuse_written},
        whole,
    },
    pg::{Lane, Row},
    schema::{FieldId, SchemaModel},
    sql::{self, Bulk, Question, Select},
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
    let (told, changes) = hook::told(model, changes);
    let (prepared, links) = &prepare::changes(model, changes).await.map(|it| (it.0, [it.1]))?;
    let told = &told;
    in_transaction(session, |session: Session| async move {
        let session = &session;
        let before = hold(session, model, Verb::Update, &[id]).await?;
        let set = WriteSet { verb: Verb::Update, ids: &[id], changes: told };
        if model.def.before.is_some() {
            stand_in_the_way(session, model, id, version, &[]).await?;
            hook::before(session, model, &set).await?;
        }
        let has_links = !links[0].is_empty();
        if has_links || (reference::has_references(model, prepared) && !session.is_system()) {
            check_references(session, model, id, (prepared, links), version).await?;
        }
        let mut written = match has_links && links::change(session, model, id, &links[0]).await? {
            true => Some(change_linked(session, model, id, prepared).await?),
            false => change(session, model, id, prepared, version).await?,
        };
        if written.is_none() {
            stand_in_the_way(session, model, id, version, &[]).await?;
            // Whoever held the row until now may have changed what kept it from being changed.
            written = change(session, model, id, prepared, version).await?;
        }
        let Some(written) = written else { return unchanged(session, model, id).await };
        hook::after(session, model, &set).await?;
        whole::judge(session, model, &before).await?;
        touch::touch(session, model, &[id], before).await?;
        Ok(written)
    })
    .await
}

/// Whether the asker may change any record of the model: a change needs both grants.
pub(super) fn allowed(session: &Session, model: &SchemaModel) -> Result<()> {
    let is_denied = |verb| matches!(session.scope(model, verb), Scope::Denied);
    if is_denied(Verb::Read) || is_denied(Verb::Update) { Err(Error::denied()) } else { Ok(()) }
}

/// Runs the statement; `None` when it changed nothing.
async fn change(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    prepared: &Prepared,
    version: Option<i64>,
) -> Result<Option<Written>> {
    if prepared.is_empty() {
        return Ok(None);
    }
    let statement = sql::update(session, model, id, prepared, version)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it))?;
    if list.is_empty() {
        return Ok(None);
    }
    judge(session, model, id, (Rows::of(statement.text, list), prepared)).await.map(Some)
}

/// Writes a record whose links were changed: its old row was judged before, when it was locked.
async fn change_linked(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    prepared: &Prepared,
) -> Result<Written> {
    let statement = sql::update_linked(session, model, id, prepared)?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it))?;
    judge(session, model, id, (Rows::of(statement.text, list), prepared)).await
}

/// Refuses a new row that the asker may not make of the old one.
async fn judge(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    (rows, prepared): (Rows, &Prepared),
) -> Result<Written> {
    let row = rows.list.first().ok_or_else(Error::missing)?;
    let at = rows.text.layout.len();
    let (may_update, may_read) = match (row.flag(at)?, row.flag(at + 1)?) {
        (Some(update), Some(read)) => (update, read),
        // A rule looks at other tables: it is judged over the row as it stands now.
        _ => {
            if moves(model, prepared) {
                hold_parents(session, model, &[id]).await?;
            }
            let verbs = [Verb::Update, Verb::Read];
            let judged = sql::judge(session, model, vec![id], Question::of(&verbs))?;
            let judged = session.link().await?.fetch(&judged.statement()).await?;
            let judged = judged.first().ok_or_else(Error::missing)?;
            (judged.bool(2)?, judged.bool(3)?)
        }
    };
    if !may_update || (moves(model, prepared) && !may_read) {
        return Err(refuse_written(session));
    }
    let version = rows.int(model, "version")?;
    Ok(Written { rows, is_visible: may_read, id, version })
}

/// Whether a part would go to another whole: one that is to be held, too, and that must be seen.
fn moves(model: &SchemaModel, prepared: &Prepared) -> bool {
    prepared.iter().any(|(field, _)| Some(*field) == model.parent)
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

/// Locks the record, and checks the links and the references that would change; one that stays as
/// it is is no write of it, even when its record is hidden.
async fn check_references(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    (prepared, links): (&Prepared, &[Vec<Links>; 1]),
    version: Option<i64>,
) -> Result<()> {
    let is_reference = |it: &&(FieldId, Value)| model.at(it.0).def.kind.is_to_one();
    let named: Vec<(FieldId, Value)> = prepared.iter().filter(is_reference).cloned().collect();
    let fields: Vec<FieldId> = named.iter().map(|it| it.0).collect();
    let row = stand_in_the_way(session, model, id, version, &fields).await?;
    if session.is_system() {
        return Ok(());
    }
    let mut changed = Prepared::new();
    for (at, (field, value)) in named.into_iter().enumerate() {
        // Behind id, version and two verdicts.
        let stored = row.optional_int(4 + at)?;
        if stored != value.as_int() {
            changed.push((field, value));
        }
    }
    let changed = [changed];
    reference::check(session, model, &changed, links).await?;
    whole::judge(session, model, &whole::named(model, &changed)).await
}

/// The record as it stands.
async fn unchanged(session: &Session, model: &SchemaModel, id: i64) -> Result<Written> {
    let whole = Select { lane: Lane::ByKey, ..Select::one(Vec::new(), id) };
    let rows = super::list::select_whole(session, model, whole, &[]).await?;
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
    let (told, changes) = hook::told(model, changes);
    let (prepared, links) = &prepare::changes(model, changes).await?;
    if !links.is_empty() {
        return Err(Error::broken("links are changed record by record, never by a filter"));
    }
    let changes = &told;
    in_transaction(session, |session: Session| async move {
        let session = &session;
        if prepared.is_empty() {
            return Ok(0);
        }
        let bulk = Bulk { filter, verb: Verb::Update, named: prepared, max };
        let ids = lock(session, model, bulk).await?;
        if ids.is_empty() {
            return Ok(0);
        }
        if !session.is_system() {
            let row = std::slice::from_ref(prepared);
            reference::check(session, model, row, &[]).await?;
            whole::judge(session, model, &whole::named(model, row)).await?;
        }
        let affected = within(max, &ids)?;
        let set = WriteSet { verb: Verb::Update, ids: &ids, changes };
        hook::before(session, model, &set).await?;
        let before = hold_parents(session, model, &ids).await?;
        let statement = sql::update_ids(session, model, ids.clone(), prepared)?;
        let done = session.link().await?.fetch(&statement.statement()).await;
        let rows = done.map_err(|it| conflict::of_write(model, it))?;
        hook::after(session, model, &set).await?;
        whole::judge(session, model, &before).await?;
        touch::touch(session, model, &ids, before).await?;
        let mut is_unknown = false;
        for row in &rows {
            match row.flag(1)? {
                Some(true) => {}
                Some(false) => return Err(refuse_written(session)),
                None => is_unknown = true,
            }
        }
        if is_unknown {
            let is_moved = moves(model, prepared);
            if is_moved {
                hold_parents(session, model, &ids).await?;
            }
            let verbs = [Verb::Update, Verb::Read];
            let judged = sql::judge(session, model, ids.clone(), Question::of(&verbs))?;
            for row in session.link().await?.fetch(&judged.statement()).await? {
                if !row.bool(2)? || (is_moved && !row.bool(3)?) {
                    return Err(refuse_written(session));
                }
            }
        }
        Ok(affected)
    })
    .await
}

/// The ids of the records that would be written, locked; one more than allowed at the most.
pub(super) async fn lock(
    session: &Session,
    model: &SchemaModel,
    bulk: Bulk<'_>,
) -> Result<Vec<i64>> {
    let mut ids = lock_once(session, model, bulk).await?;
    let is_child = model.parent.is_some() && !session.is_system();
    if !ids.is_empty() && (is_child || is_judged_elsewhere(session, model, bulk.verb)) {
        // What rules look at may have changed before the records were held.
        hold_parents(session, model, &ids).await?;
        let still = lock_once(session, model, bulk).await?;
        ids.retain(|it| still.binary_search(it).is_ok());
    }
    Ok(ids)
}

/// In their order.
async fn lock_once(session: &Session, model: &SchemaModel, bulk: Bulk<'_>) -> Result<Vec<i64>> {
    let statement = sql::lock_for_bulk(session, model, bulk)?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    rows.iter().map(|it| it.int(0)).collect()
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
