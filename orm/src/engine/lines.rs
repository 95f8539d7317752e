//! Lines: the records of a one2many field, written with the record that has them.
//!
//! `lines/check.rs` judges what is asked of them, over all levels, before anything is written;
//! `lines/write.rs` writes them, one level after the other, and `lines/update.rs` those that stay.
//!
//! **Invariant:** nothing here touches a line of another record, nor tells whether there is one.

use crate::{
    Error, LineChange, LineUpdate, Purpose, Result, Schema, Violation,
    engine::{
        request::{Belongs, Request},
        snapshot::Snapshot,
    },
    schema::{FieldId, SchemaField, SchemaModel},
};

mod check;
mod update;
mod write;

pub(super) use crate::engine::lines::{check::check, write::write};

/// What becomes of the lines of one field.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    pub(crate) field: FieldId,
    /// New lines.
    pub(crate) create: Vec<Request>,
    /// Lines that stay and change.
    pub(crate) update: Vec<Line>,
    /// Lines that go: nothing is asked of their fields.
    pub(crate) delete: Vec<Line>,
}

/// A line that is there.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: i64,
    /// The version that it must have.
    pub(crate) version: Option<i64>,
    /// As it is, locked; none before it was looked at.
    pub(crate) old: Option<Snapshot>,
    pub(crate) request: Request,
}

/// How lines belong to the record that they are written with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineOf {
    /// Their reference to it.
    pub(crate) reference: FieldId,
    /// Whether they are its parts: then whoever may write it may write them, and it is judged in
    /// their place.
    pub(crate) is_part: bool,
    /// Whether they are the first lines of their model that records have which are new themselves.
    pub(crate) is_first: bool,
}

impl LineOf {
    /// The model of the lines behind a field, and how they belong to its record.
    fn resolve<'s>(schema: &'s Schema, field: &SchemaField) -> Result<(&'s SchemaModel, Self)> {
        let (target, reference) = schema
            .lines(field)
            .ok_or_else(|| Error::broken(format!("{} has no lines", field.def.name)))?;
        let is_part = target.parent == Some(reference.id);
        Ok((target, Self { reference: reference.id, is_part, is_first: false }))
    }
}

impl Lines {
    /// The model of the lines, and how they belong to a record of `model`.
    pub(crate) fn ends<'s>(
        &self,
        schema: &'s Schema,
        model: &SchemaModel,
    ) -> Result<(&'s SchemaModel, LineOf)> {
        LineOf::resolve(schema, model.at(self.field))
    }

    /// What is asked of the fields of the lines.
    pub(crate) fn requests_mut(&mut self) -> impl Iterator<Item = &mut Request> {
        self.create.iter_mut().chain(self.update.iter_mut().map(|it| &mut it.request))
    }

    /// The same, to look at.
    fn requests(&self) -> impl Iterator<Item = &Request> {
        self.create.iter().chain(self.update.iter().map(|it| &it.request))
    }
}

/// The changes of each field as one; what is wrong with them goes to `faults`.
pub(super) fn resolve(
    of: Belongs<'_>,
    changes: Vec<(&'static str, LineChange)>,
    pointer: &str,
    faults: &mut Vec<Violation>,
) -> Result<Vec<Lines>> {
    let mut merged: Vec<(&'static str, LineChange)> = Vec::with_capacity(changes.len());
    for (name, change) in changes {
        match merged.iter_mut().find(|it| it.0 == name) {
            Some(earlier) => earlier.1.and(change),
            None => merged.push((name, change)),
        }
    }
    let schema = of.schema;
    let mut resolved = Vec::with_capacity(merged.len());
    for (name, change) in merged {
        let pointer = format!("{pointer}/{name}");
        faults.extend(change.repetitions(&pointer));
        let field = of.model.field(name);
        let ends = field.and_then(|it| Some((it.id, schema.lines(it)?)));
        let (field, (model, reference)) = ends
            .ok_or_else(|| Error::broken(format!("{}.{name} has no lines", of.model.def.table)))?;
        let line = |purpose| Belongs { schema, model, whole: Some(reference.id), purpose };
        let mut lines = Lines { field, create: vec![], update: vec![], delete: vec![] };
        for (at, changes) in change.create.into_iter().enumerate() {
            let pointer = format!("{pointer}/create/{at}");
            lines.create.push(Request::resolve(line(Purpose::Create), changes, pointer, faults)?);
        }
        for (at, LineUpdate { id, version, changes }) in change.update.into_iter().enumerate() {
            let pointer = format!("{pointer}/update/{at}");
            let request = Request::resolve(line(Purpose::Update), changes, pointer, faults)?;
            lines.update.push(Line { id, version, old: None, request });
        }
        for (at, id) in change.delete.into_iter().enumerate() {
            let pointer = format!("{pointer}/delete/{at}");
            let request = Request { pointer, ..Request::default() };
            lines.delete.push(Line { id, version: None, old: None, request });
        }
        resolved.push(lines);
    }
    Ok(resolved)
}

/// Adds changes of lines, behind those of the same field.
pub(super) fn put(list: &mut Vec<Lines>, lines: Lines) {
    match list.iter_mut().find(|it| it.field == lines.field) {
        Some(earlier) => {
            earlier.create.extend(lines.create);
            earlier.update.extend(lines.update);
            earlier.delete.extend(lines.delete);
        }
        None => list.push(lines),
    }
}

/// The fields of whose lines these requests say something, in the order of the model.
fn lines_of<'a>(requests: impl Iterator<Item = &'a Request>) -> Vec<FieldId> {
    let mut fields: Vec<FieldId> = requests.flat_map(|it| &it.lines).map(|it| it.field).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// The lines that a request takes away, by model.
pub(super) fn deleted<'s>(
    schema: &'s Schema,
    model: &SchemaModel,
    request: &Request,
    into: &mut Vec<(&'s SchemaModel, Vec<i64>)>,
) -> Result<()> {
    for lines in &request.lines {
        let (target, _) = lines.ends(schema, model)?;
        if !lines.delete.is_empty() {
            into.push((target, lines.delete.iter().map(|it| it.id).collect()));
        }
        lines.requests().try_for_each(|it| deleted(schema, target, it, into))?;
    }
    Ok(())
}
