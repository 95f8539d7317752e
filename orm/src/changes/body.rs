//! Change sets from JSON bodies: every fault of the body at once.

use crate::{
    At, Error, Leaf, LinkChange, RawChanges, Result, Value, Violation,
    filter::{Judge, child},
    json::{Node, Object},
    schema::{SchemaField, SchemaModel},
};

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
    let mut changes = RawChanges::default();
    let mut faults = Vec::new();
    for (key, node) in &body.entries {
        let pointer = child(pointer, key);
        if let Some(option) = model.def.options.iter().find(|it| **it == key) {
            match *node.as_leaf() {
                Leaf::Bool(true) => changes.options.push(option),
                Leaf::Bool(false) => {}
                _ => faults
                    .push(Violation::at_pointer(pointer, "wrong_type").with("expected", "boolean")),
            }
            continue;
        }
        let field = match writable(judge, model, key, &pointer) {
            Ok(Some(field)) => field,
            Ok(None) => continue,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let name = field.def.name;
        if field.has_column() {
            match value(field, node, &pointer) {
                Ok(value) => changes.values.push((name, value)),
                Err(fault) => faults.push(fault),
            }
        } else {
            match LinkChange::parse(field, node, purpose, &pointer) {
                Ok(links) => changes.links.push((name, links)),
                Err(found) => faults.extend(found),
            }
        }
    }
    if purpose == Purpose::Create {
        let is_missing = |it: &&SchemaField| is_required(it) && body.get(it.def.key).is_none();
        let fault =
            |it: &SchemaField| Violation::at_pointer(child(pointer, it.def.key), "required");
        faults.extend(model.columns().filter(is_missing).map(fault));
    }
    (changes, faults)
}

/// The faults of a body as an error, if there are any.
///
/// # Errors
/// Invalid with all of them.
pub fn accept(faults: Vec<Violation>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// The field of a key; `None` when it is closed, which `judge` keeps.
fn writable<'m>(
    judge: &mut Judge<'_>,
    model: &'m SchemaModel,
    key: &str,
    pointer: &str,
) -> Result<Option<&'m SchemaField>, Violation> {
    let field = model
        .by_key(key)
        .filter(|it| !it.def.kind.is_to_many() || it.has_links())
        .ok_or_else(|| Violation::at_pointer(pointer, "unknown_field"))?;
    if !field.is_writable() {
        return Err(Violation::at_pointer(pointer, "read_only"));
    }
    let may = judge.writes(model, field, &At::Pointer(pointer.to_owned()));
    Ok(may.then_some(field))
}

/// What a column is set to.
fn value(field: &SchemaField, node: &Node<'_>, pointer: &str) -> Result<Value, Violation> {
    let leaf = node.as_leaf();
    match *leaf {
        Leaf::Null if field.def.nullable => Ok(Value::Null),
        Leaf::Null => Err(Violation::at_pointer(pointer, "required")),
        _ => (field.def.kind.rules().parse)(field.def, &leaf).map_err(|fault| Violation {
            params: fault.params,
            ..Violation::at_pointer(pointer, fault.code)
        }),
    }
}

/// Whether a new record must name it.
fn is_required(field: &SchemaField) -> bool {
    field.is_writable() && field.def.is_demanded()
}
