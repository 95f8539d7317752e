//! Deleting records, one or all that pass a filter.

use std::sync::{Mutex, PoisonError};

use crate::{
    Error, ErrorKind, Filter, Result, Scope, Session, Verb,
    engine::{
        change_set::RawSet,
        conflict,
        hold::{hold, hold_parents, lock},
        hook,
        lines::Line,
        request::Request,
        transaction::in_transaction,
        update::{self, read_old, reads_first},
        work::Work,
    },
    schema::{FieldSet, SchemaModel},
    sql::{self, Bulk, Question},
};

/// Deletes a record; when `version` is given, only if it has that version.
///
/// # Errors
/// Missing when it is hidden, denied by grant or rule, a version mismatch, a conflict when
/// others still point at it.
pub async fn delete(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    version: Option<i64>,
) -> Result<()> {
    allowed(session, model)?;
    let done = in_transaction(session, |session: Session| async move {
        let session = &session;
        let mut work = Work::new(session.clone());
        let mut set = nothing_asked(session, model, &[id]);
        let wholes = hold(session, model, Verb::Delete, &[id]).await?;
        if reads_first(session, model, &FieldSet::default()) {
            stand_in_the_way(session, model, id, version).await?;
            read_old(session, model, &mut set).await?;
            set = hook::before(session, set).await?;
        }
        work.note_leaving(model, &[id]).await?;
        let statement = sql::delete(session, model, id, version)?;
        let rows = match session.link().await?.fetch(&statement.statement()).await {
            Ok(rows) => rows,
            Err(failure) => return Err(conflict::of_delete(failure)),
        };
        if rows.is_empty() {
            stand_in_the_way(session, model, id, version).await?;
            // It came to be between the two statements.
            return Err(ErrorKind::Busy.into());
        }
        work.note_left(model, &wholes);
        work.recompute(&mut set).await?;
        work.ask_author(set).await?;
        work.settle().await
    });
    match done.await {
        // Which models point here is asked when the transaction is over.
        Err(error) if matches!(error.kind(), ErrorKind::StillReferenced { .. }) => {
            Err(conflict::still_referenced(session, &[(model, vec![id])]).await.unwrap_or(error))
        }
        done => done,
    }
}

/// Deletes lines that were looked at with the record that has them.
///
/// # Errors
/// Still referenced when others point at one of them, or whatever an author says.
pub(super) async fn lines(work: &mut Work, model: &SchemaModel, lines: Vec<Line>) -> Result<()> {
    let session = &work.session().clone();
    let ids: Vec<i64> = lines.iter().map(|it| it.id).collect();
    let mut set = nothing_asked(session, model, &ids);
    for (row, line) in set.rows.iter_mut().zip(lines) {
        (row.old, row.request) = (line.old, line.request);
    }
    set = hook::before(session, set).await?;
    work.note_leaving(model, &ids).await?;
    let statement = sql::delete_ids(session, model, ids)?;
    let done = session.link().await?.fetch(&statement.statement()).await;
    done.map_err(conflict::of_delete)?;
    let wholes = set.rows.iter().filter_map(|it| it.old.as_ref()).map(|it| it.whole(model));
    work.note_left(model, &wholes.filter_map(Result::transpose).collect::<Result<Vec<i64>>>()?);
    work.keep(set);
    Ok(())
}

/// Records that go, with nothing asked of their fields.
fn nothing_asked(session: &Session, model: &SchemaModel, ids: &[i64]) -> RawSet {
    let rows = ids.iter().map(|id| (Some(*id), Request::default()));
    RawSet::new(session, model, Verb::Delete, rows)
}

fn allowed(session: &Session, model: &SchemaModel) -> Result<()> {
    let is_denied = |verb| matches!(session.scope(model, verb), Scope::Denied);
    if is_denied(Verb::Read) || is_denied(Verb::Delete) { Err(Error::denied()) } else { Ok(()) }
}

/// What keeps a record from being deleted, in the order of the answers; it is locked, so that
/// the answer stays true.
async fn stand_in_the_way(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    version: Option<i64>,
) -> Result<()> {
    let verbs = [Verb::Read, Verb::Delete];
    let judged = sql::judge(session, model, vec![id], Question::locked(&verbs))?;
    let rows = session.link().await?.fetch(&judged.statement()).await?;
    let row = rows.first().ok_or_else(Error::missing)?;
    if !row.bool(2)? {
        return Err(Error::missing());
    }
    if !row.bool(3)? {
        return Err(Error::denied());
    }
    let current = row.int(1)?;
    match version {
        Some(it) if it != current => Err(ErrorKind::VersionMismatch { current }.into()),
        _ => Ok(()),
    }
}

/// Deletes every record that passes and that the asker may read and delete; how many.
///
/// # Errors
/// Too many when more than `max` would be deleted, a conflict when others still point at one of
/// them; in both cases nothing is deleted.
pub async fn delete_where(
    session: &Session,
    model: &SchemaModel,
    filter: &Filter,
    max: i64,
) -> Result<i64> {
    allowed(session, model)?;
    let tried = &Mutex::new(Vec::new());
    let done = in_transaction(session, |session: Session| async move {
        let session = &session;
        let bulk = Bulk { filter, verb: Verb::Delete, named: &[], max };
        let ids = lock(session, model, bulk).await?;
        let affected = update::within(max, &ids)?;
        tried.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&ids);
        let mut set = nothing_asked(session, model, &ids);
        if reads_first(session, model, &FieldSet::default()) {
            read_old(session, model, &mut set).await?;
            set = hook::before(session, set).await?;
        }
        let wholes = hold_parents(session, model, &ids).await?;
        let mut work = Work::new(session.clone());
        work.note_leaving(model, &ids).await?;
        let statement = sql::delete_ids(session, model, ids.clone())?;
        let done = session.link().await?.fetch(&statement.statement()).await;
        done.map_err(conflict::of_delete)?;
        work.note_left(model, &wholes);
        work.recompute(&mut set).await?;
        work.ask_author(set).await?;
        work.settle().await?;
        Ok(affected)
    });
    match done.await {
        Err(error) if matches!(error.kind(), ErrorKind::StillReferenced { .. }) => {
            let ids = tried.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Err(conflict::still_referenced(session, &[(model, ids)]).await.unwrap_or(error))
        }
        done => done,
    }
}
