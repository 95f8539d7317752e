//! Lines are written when the records that have them stand: of each field those that go, those
//! that change and those that come, in this order; one set a verb and field, whichever record of
//! the level they are lines of.

use std::collections::HashSet;

use crate::{
    Result, Value, Verb,
    engine::{
        change_set::{RawChange, RawSet},
        create, delete,
        lines::{Line, LineOf, lines_of, update},
        request::{Request, put},
        work::Work,
    },
    schema::FieldId,
    session::BoxFuture,
};

/// Writes the lines of a set of records that are written themselves; for each record, whether
/// any of its lines is another than before.
///
/// # Errors
/// Whatever creating, changing and deleting them says.
pub(in crate::engine) fn write<'a>(
    work: &'a mut Work,
    set: &'a mut RawSet,
) -> BoxFuture<'a, Result<Vec<bool>>> {
    Box::pin(async move {
        let schema = set.schema.clone();
        let model = schema.model(set.model);
        let mut changed = vec![false; set.rows.len()];
        for field in lines_of(set.rows.iter().map(|it| &it.request)) {
            let (target, of) = LineOf::resolve(&schema, model.at(field))?;
            let mut gathered = Gathered::default();
            for (row, is_changed) in set.rows.iter_mut().zip(&mut changed) {
                *is_changed |= gathered.take(row, field, of);
            }
            if !gathered.deleted.is_empty() {
                delete::lines(work, target, gathered.deleted).await?;
            }
            if !gathered.updated.is_empty() {
                let wholes: Vec<i64> = gathered.updated.iter().map(|it| it.0).collect();
                let lines = gathered.updated.into_iter().map(|it| it.1).collect();
                let done = update::update(work, target, of, lines).await?;
                let wholes: HashSet<i64> =
                    wholes.into_iter().zip(done).filter(|it| it.1).map(|it| it.0).collect();
                for (row, is_changed) in set.rows.iter().zip(&mut changed) {
                    *is_changed |= row.id.is_some_and(|it| wholes.contains(&it));
                }
            }
            if !gathered.created.is_empty() {
                let has_others = work.lines.iter().any(|it| it.model == target.id);
                let is_first = set.verb == Verb::Create && !has_others;
                let of = Some(LineOf { is_first, ..of });
                let set = create::records(work, target, gathered.created, of).await?;
                work.keep(set);
            }
        }
        Ok(changed)
    })
}

/// The lines of one field of several records.
#[derive(Default)]
struct Gathered {
    deleted: Vec<Line>,
    /// Beside the record that each belongs to.
    updated: Vec<(i64, Line)>,
    created: Vec<Request>,
}

impl Gathered {
    /// Takes those of one record; whether any of them comes or goes.
    fn take(&mut self, row: &mut RawChange, field: FieldId, of: LineOf) -> bool {
        let Some(whole) = row.id else { return false };
        let mut is_changed = false;
        for lines in row.request.lines.iter_mut().filter(|it| it.field == field) {
            is_changed |= !lines.create.is_empty() || !lines.delete.is_empty();
            self.deleted.append(&mut lines.delete);
            self.updated.extend(lines.update.drain(..).map(|it| (whole, it)));
            for mut request in lines.create.drain(..) {
                request.named.insert(of.reference);
                put(&mut request.values, of.reference, Value::Int(whole));
                self.created.push(request);
            }
        }
        is_changed
    }
}
