//! Change sets from JSON bodies: every fault of the body at once.

use crate::{
    At, Error, Leaf, RawChanges, Result, Value, Violation,
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
    let mut changes = RawChanges::new();
    let mut faults = Vec::new();
    for (key, node) in &body.entries {
        match assignment(judge, model, key, node, &child(pointer, key)) {
            Ok(Some(change)) => changes.push(change),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
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

/// What a key sets; `None` when the field is closed, which `judge` keeps.
fn assignment(
    judge: &mut Judge<'_>,
    model: &SchemaModel,
    key: &str,
    node: &Node<'_>,
    pointer: &str,
) -> Result<Option<(&'static str, Value)>, Violation> {
    if let Some(option) = model.def.options.iter().find(|it| **it == key) {
        return match node.as_leaf() {
            Leaf::Bool(it) => Ok(Some((option, Value::Bool(it)))),
            _ => Err(Violation::at_pointer(pointer, "wrong_type").with("expected", "boolean")),
        };
    }
    let field = model
        .by_key(key)
        .filter(|it| it.has_column())
        .ok_or_else(|| Violation::at_pointer(pointer, "unknown_field"))?;
    if field.is_framework {
        return Err(Violation::at_pointer(pointer, "read_only"));
    }
    if !judge.writes(model, field, &At::Pointer(pointer.to_owned())) {
        return Ok(None);
    }
    let leaf = node.as_leaf();
    let value = match *leaf {
        Leaf::Null if field.def.nullable => Value::Null,
        Leaf::Null => return Err(Violation::at_pointer(pointer, "required")),
        _ => (field.def.kind.rules().parse)(field.def, &leaf).map_err(|fault| Violation {
            params: fault.params,
            ..Violation::at_pointer(pointer, fault.code)
        })?,
    };
    Ok(Some((field.def.name, value)))
}

/// Whether a new record must name it.
fn is_required(field: &SchemaField) -> bool {
    !field.is_framework && !field.def.nullable && field.def.default.is_none()
}
