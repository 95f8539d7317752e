//! The order of a list: of what its request names, and of what nobody named.

use orm::{At, Judge, Session, SortKey, schema::SchemaModel};

use crate::{Result, crud::list_query::bad};

/// Keys of an order at the most: each may join what it passes.
const KEYS_MAX: usize = 8;

/// Adds a key: a path, with `-` before it from the largest down.
///
/// # Errors
/// `unknown_field` for what leads nowhere, `bad_parameter` for what has no order, stands twice or
/// is too much. Closed fields are kept by `judge`.
pub(crate) fn add<'a>(
    judge: &mut Judge<'a>,
    model: &'a SchemaModel,
    order: &mut Vec<SortKey>,
    (key, at): (&str, &At),
) -> Result<()> {
    let (path, is_descending) = match key.strip_prefix('-') {
        Some(path) => (path, true),
        None => (key, false),
    };
    let Some(path) = judge.path(model, path, at)? else { return Ok(()) };
    let key = SortKey { hops: path.hops, field: path.field.def.name, is_descending };
    let is_twice = order.iter().any(|it| it.hops == key.hops && it.field == key.field);
    let is_full = order.len() == KEYS_MAX;
    if path.is_record || !path.field.has_order() || is_twice || is_full {
        return Err(bad(at, "sort"));
    }
    order.push(key);
    Ok(())
}

/// The order with its tie-break; for one that names nothing, the usual one.
pub(crate) fn complete(
    session: &Session,
    model: &SchemaModel,
    mut order: Vec<SortKey>,
) -> Vec<SortKey> {
    if order.is_empty() {
        return usual(session, model);
    }
    if !order.iter().any(|it| it.hops.is_empty() && it.field == "id") {
        order.push(SortKey::id(&order));
    }
    order
}

/// The model's order, as far as the asker may read what it goes by: the order of records tells of
/// values as well as a filter does.
fn usual(session: &Session, model: &SchemaModel) -> Vec<SortKey> {
    let readable = session.access().readable(model.id);
    let may = |id| readable.as_ref().is_none_or(|it| it.contains(id));
    let mut order = SortKey::of_model(model);
    order.retain(|key| model.field(key.field).is_some_and(|it| may(it.id)));
    if order.last().is_none_or(|it| it.field != "id") {
        order.push(SortKey::id(&order));
    }
    order
}
