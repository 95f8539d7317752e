//! What stands in the way of writing records with their lines: looked at over all levels before
//! the first of them is written, so that every fault is said at once.

use std::collections::HashMap;

use crate::{
    Error, ErrorKind, Result, Scope, Session, Verb, Violation,
    engine::{
        change_set::RawSet,
        hold::hold,
        lines::{Line, LineOf, lines_of},
        reference::{self, Wanted},
        request::Request,
        snapshot::Snapshot,
    },
    schema::{FieldId, SchemaModel},
    session::BoxFuture,
    sql::{self, Question},
};

/// What was found, in the order in which it is answered.
#[derive(Default)]
struct Found {
    is_denied: bool,
    /// The version of a line that should have another.
    mismatch: Option<i64>,
    faults: Vec<Violation>,
}

/// A line that is there, and the record that it should belong to; a new one has none.
type OfWhole<'a> = (Option<i64>, &'a mut Line);

/// Locks and reads the lines of all levels that a set changes or takes away, and looks for every
/// reference and link of its records and of their lines, but for these fields of the records
/// themselves: what stays as it is is no write of it, even when it leads to a hidden record.
///
/// # Errors
/// Denied, a version mismatch, or invalid with every fault.
pub(in crate::engine) async fn check(
    session: &Session,
    model: &SchemaModel,
    set: &mut RawSet,
    but: &[FieldId],
) -> Result<()> {
    let mut found = Found::default();
    let rows = set.rows.iter_mut().map(|it| (it.id, &mut it.request)).collect();
    look(session, model, rows, &mut found).await?;
    if found.is_denied {
        return Err(Error::denied());
    }
    if let Some(current) = found.mismatch {
        return Err(ErrorKind::VersionMismatch { current }.into());
    }
    if !session.is_system() {
        let mut wanted = Vec::new();
        for row in &set.rows {
            let asked = (&row.request, row.old.as_ref());
            reference::wanted(session.schema(), model, asked, but, &mut wanted)?;
            of_lines(session, model, &row.request, &mut wanted)?;
        }
        let is_kept = |it: &Wanted<'_>| it.is_kept_by_database(session);
        if set.verb == Verb::Create && wanted.iter().any(is_kept) && session.leaves_to_database() {
            wanted.retain(|it| !is_kept(it));
        }
        found.faults.extend(reference::faults(session, &wanted).await?);
    }
    if found.faults.is_empty() { Ok(()) } else { Err(Error::invalid(found.faults)) }
}

/// References and links of the lines of a record, of all levels.
fn of_lines<'a>(
    session: &'a Session,
    model: &SchemaModel,
    request: &'a Request,
    wanted: &mut Vec<Wanted<'a>>,
) -> Result<()> {
    for lines in &request.lines {
        let (target, of) = lines.ends(session.schema(), model)?;
        let new = lines.create.iter().map(|it| (it, None));
        let old = lines.update.iter().map(|it| (&it.request, it.old.as_ref()));
        for (request, old) in new.chain(old) {
            reference::wanted(session.schema(), target, (request, old), &[of.reference], wanted)?;
            of_lines(session, target, request, wanted)?;
        }
    }
    Ok(())
}

/// Looks at the lines of records of one model, then at theirs. From above: whoever writes a
/// record locks it before its lines.
fn look<'a>(
    session: &'a Session,
    model: &'a SchemaModel,
    mut rows: Vec<(Option<i64>, &'a mut Request)>,
    found: &'a mut Found,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        for field in lines_of(rows.iter().map(|it| &*it.1)) {
            let (target, of) = LineOf::resolve(session.schema(), model.at(field))?;
            let [mut updated, mut deleted] = [Vec::new(), Vec::new()];
            let mut is_created = false;
            for (whole, request) in &mut rows {
                for lines in request.lines.iter_mut().filter(|it| it.field == field) {
                    is_created |= !lines.create.is_empty();
                    updated.extend(lines.update.iter_mut().map(|it| (*whole, it)));
                    deleted.extend(lines.delete.iter_mut().map(|it| (*whole, it)));
                }
            }
            let asked = [
                (is_created, &[Verb::Create][..]),
                (!updated.is_empty(), &[Verb::Read, Verb::Update]),
                (!deleted.is_empty(), &[Verb::Read, Verb::Delete]),
            ];
            let verbs = asked.into_iter().filter(|it| it.0 && !of.is_part).flat_map(|it| it.1);
            if verbs.into_iter().any(|it| is_denied(session, target, *it)) {
                return Err(Error::denied());
            }
            look_at(session, (target, of), Verb::Delete, deleted, found).await?;
            look_at(session, (target, of), Verb::Update, updated, found).await?;
            let mut below = Vec::new();
            for (_, request) in &mut rows {
                for lines in request.lines.iter_mut().filter(|it| it.field == field) {
                    below.extend(lines.create.iter_mut().map(|it| (None, it)));
                    let updated = lines.update.iter_mut();
                    below.extend(updated.map(|it| (Some(it.id), &mut it.request)));
                }
            }
            look(session, target, below, found).await?;
        }
        Ok(())
    })
}

/// Locks and reads lines of one field; those that were read before are left alone.
async fn look_at(
    session: &Session,
    (model, of): (&SchemaModel, LineOf),
    verb: Verb,
    lines: Vec<OfWhole<'_>>,
    found: &mut Found,
) -> Result<()> {
    let lines: Vec<OfWhole<'_>> = lines.into_iter().filter(|it| it.1.old.is_none()).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = lines.iter().map(|it| it.1.id).collect();
    // A part is read and written where its whole is, and that is locked and judged.
    let verbs = if of.is_part { Vec::new() } else { vec![Verb::Read, verb] };
    if !of.is_part {
        hold(session, model, verb, &ids).await?;
    }
    let every: Vec<FieldId> = model.columns().map(|it| it.id).collect();
    let question = Question { fields: &every, ..Question::locked(&verbs) };
    let judged = sql::judge(session, model, ids, question)?;
    let mut rows = HashMap::new();
    for row in session.link().await?.fetch(&judged.statement()).await? {
        let verdicts =
            (0..verbs.len()).map(|at| row.bool(2 + at)).collect::<Result<Vec<bool>>>()?;
        let old = Snapshot::new(row, 2 + verbs.len());
        rows.insert(old.id()?, (verdicts, old));
    }
    for (whole, line) in lines {
        let pointer = &line.request.pointer;
        let missing = || match verb {
            Verb::Update => Violation::at_pointer(format!("{pointer}/id"), "not_found"),
            _ => Violation::at_pointer(pointer, "not_found"),
        };
        // Another's line, a hidden one and one that is not there are the same.
        let Some((verdicts, old)) = rows.remove(&line.id) else {
            found.faults.push(missing());
            continue;
        };
        let is_own = whole.is_some() && old.value(model, of.reference)?.as_int() == whole;
        if !is_own || verdicts.first() == Some(&false) {
            found.faults.push(missing());
            continue;
        }
        found.is_denied |= verdicts.get(1) == Some(&false);
        let current = old.row().int(1)?;
        if line.version.is_some_and(|it| it != current) {
            found.mismatch.get_or_insert(current);
        }
        line.old = Some(old);
    }
    Ok(())
}

fn is_denied(session: &Session, model: &SchemaModel, verb: Verb) -> bool {
    matches!(session.scope(model, verb), Scope::Denied)
}
