//! Change sets from JSON bodies: every fault of the body at once.

use crate::{
    At, Error, Kind, Leaf, LinkChange, RawChanges, Result, Schema, Value, Violation,
    filter::{Judge, child},
    json::{Node, Object},
    schema::{FieldId, SchemaField, SchemaModel},
};

mod lines;

/// What a body is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new record: what is required must be there or have a default.
    Create,
    /// A change: absent keys keep, `null` clears.
    Update,
}

/// Reads the record in a body; its pointers begin with `pointer`.
///
/// What the asker may not write is kept by `judge` and answered before the faults found here, so
/// these come back beside the changes.
pub fn parse_changes(
    judge: &mut Judge<'_>,
    model: &SchemaModel,
    body: &Object<'_>,
    purpose: Purpose,
    pointer: &str,
) -> (RawChanges, Vec<Violation>) {
    let mut reader = Reader { judge, faults: Vec::new(), lines: 0 };
    let record = Record { model, purpose, whole: None, level: 0 };
    let changes = reader.record(record, body, pointer);
    (changes, reader.faults)
}

/// A body that is being read.
struct Reader<'r, 'a> {
    judge: &'r mut Judge<'a>,
    faults: Vec<Violation>,
    /// How many lines there are so far, whichever their level.
    lines: usize,
}

/// A record in a body.
#[derive(Clone, Copy)]
struct Record<'m> {
    model: &'m SchemaModel,
    purpose: Purpose,
    /// The reference of a line to the record around it: never a matter of its body.
    whole: Option<FieldId>,
    /// How many records are around it.
    level: usize,
}

impl Reader<'_, '_> {
    fn record(&mut self, record: Record<'_>, body: &Object<'_>, pointer: &str) -> RawChanges {
        let mut changes = RawChanges::default();
        for (key, node) in &body.entries {
            let is_own = record.whole.is_some() && record.purpose == Purpose::Update;
            if is_own && matches!(&**key, "id" | "version") {
                continue;
            }
            self.entry(record, (key, node), child(pointer, key), &mut changes);
        }
        if record.purpose == Purpose::Create {
            let is_asked = |it: &&SchemaField| is_required(it) && record.whole != Some(it.id);
            let is_missing = |it: &&SchemaField| is_asked(it) && body.get(it.def.key).is_none();
            let fault =
                |it: &SchemaField| Violation::at_pointer(child(pointer, it.def.key), "required");
            self.faults.extend(record.model.columns().filter(is_missing).map(fault));
        }
        changes
    }

    /// One key of a record.
    fn entry(
        &mut self,
        record: Record<'_>,
        (key, node): (&str, &Node<'_>),
        pointer: String,
        changes: &mut RawChanges,
    ) {
        if let Some(option) = record.model.def.options.iter().find(|it| **it == key) {
            match *node.as_leaf() {
                Leaf::Bool(true) => changes.options.push(option),
                Leaf::Bool(false) => {}
                _ => self
                    .faults
                    .push(Violation::at_pointer(pointer, "wrong_type").with("expected", "boolean")),
            }
            return;
        }
        let field = match self.writable(record, key, &pointer) {
            Ok(Some(field)) => field,
            Ok(None) => return,
            Err(fault) => return self.faults.push(fault),
        };
        let name = field.def.name;
        if field.has_column() {
            match value(self.judge.outlook().schema, field, node, &pointer) {
                Ok(value) => changes.values.push((name, value)),
                Err(fault) => self.faults.push(fault),
            }
        } else if field.has_links() {
            match LinkChange::parse(field, node, record.purpose, &pointer) {
                Ok(links) => changes.links.push((name, links)),
                Err(found) => self.faults.extend(found),
            }
        } else if let Some(lines) = self.lines(record, field, node, &pointer) {
            changes.lines.push((name, lines));
        }
    }

    /// The field of a key; `None` when it is closed, which the judge keeps.
    fn writable<'m>(
        &mut self,
        record: Record<'m>,
        key: &str,
        pointer: &str,
    ) -> Result<Option<&'m SchemaField>, Violation> {
        let model = record.model;
        let schema = self.judge.outlook().schema;
        let own = model.by_key(key).filter(|it| !it.def.kind.is_to_many() || it.has_links());
        // Lines go by the name of the field: its key stands for their ids.
        let lines = || model.field(key).filter(|it| schema.lines(it).is_some());
        let field =
            own.or_else(lines).ok_or_else(|| Violation::at_pointer(pointer, "unknown_field"))?;
        let takes = field.is_open_to_bodies() || schema.takes_lines(field);
        if !takes || record.whole == Some(field.id) {
            return Err(Violation::at_pointer(pointer, "read_only"));
        }
        let may = self.judge.writes(model, field, &At::Pointer(pointer.to_owned()));
        Ok(may.then_some(field))
    }
}

/// The faults of a body as an error, if there are any.
///
/// # Errors
/// Invalid with all of them.
pub fn accept(faults: Vec<Violation>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// What a column is set to.
fn value(
    schema: &Schema,
    field: &SchemaField,
    node: &Node<'_>,
    pointer: &str,
) -> Result<Value, Violation> {
    let leaf = node.as_leaf();
    let value = match *leaf {
        Leaf::Null if field.def.nullable => Ok(Value::Null),
        Leaf::Null => Err(Violation::at_pointer(pointer, "required")),
        _ => (field.def.kind.rules().parse)(field.def, &leaf).map_err(|fault| Violation {
            params: fault.params,
            ..Violation::at_pointer(pointer, fault.code)
        }),
    }?;
    match (&field.def.kind, &value) {
        // Of the right form, but no collection of this project.
        (Kind::AnyRecord, Value::Text(text)) if schema.named_record(text).is_none() => {
            Err(Violation::at_pointer(pointer, "invalid"))
        }
        _ => Ok(value),
    }
}

/// Whether a new record must name it.
fn is_required(field: &SchemaField) -> bool {
    field.is_open_to_bodies() && field.def.is_demanded()
}
