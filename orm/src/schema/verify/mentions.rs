//! Fields that a model names in its attributes: `display`, `order`, `unique`, `scope_index`.

use crate::{
    FieldDef, ModelDef,
    schema::verify::{Faults, fields, is_comparable},
};

pub(super) fn verify(def: &ModelDef, faults: &mut Faults) {
    if let Some(name) = def.display
        && let Some(what) = fault_of(def, name, |it| it.is_secret(), "is a secret")
    {
        faults.of_model(def, format!("`display` names `{name}`, which {what}"));
    }
    let mut sorted = Vec::new();
    for key in def.order.split(',').map(str::trim) {
        let name = key.strip_prefix('-').unwrap_or(key);
        let cannot = |it: &FieldDef| it.is_secret() || !is_comparable(it);
        if name.is_empty() {
            faults.of_model(def, "a key of `order` is empty: without an order, write `id`");
        } else if let Some(what) = fault_of(def, name, cannot, "cannot be sorted by") {
            faults.of_model(def, format!("`order` names `{name}`, which {what}"));
        } else if sorted.contains(&name) {
            faults.of_model(def, format!("`order` names `{name}` twice"));
        }
        sorted.push(name);
    }
    for set in def.unique {
        verify_set(def, set, faults);
    }
    for name in def.scope_index {
        if let Some(what) = fault_of(def, name, |it| !is_comparable(it), "cannot be indexed") {
            faults.of_model(def, format!("`scope_index` names `{name}`, which {what}"));
        }
    }
}

fn verify_set(def: &ModelDef, set: &[&str], faults: &mut Faults) {
    if set.is_empty() {
        faults.of_model(def, "a set of `unique` is empty: name its fields");
    }
    for (at, name) in set.iter().enumerate() {
        if let Some(what) = fault_of(def, name, |it| !is_comparable(it), "cannot be unique") {
            faults.of_model(def, format!("`unique` names `{name}`, which {what}"));
        } else if set[..at].contains(name) {
            faults.of_model(def, format!("`unique` names `{name}` twice in one set"));
        }
    }
}

/// Why a name that is mentioned does not do: no field, no column, or `is_unfit` says so.
fn fault_of(
    def: &ModelDef,
    name: &str,
    is_unfit: impl Fn(&FieldDef) -> bool,
    why: &'static str,
) -> Option<&'static str> {
    match fields(def).find(|it| it.name == name || it.key == name) {
        None => Some("is no field"),
        Some(it) if !it.has_column() => Some("has no column"),
        Some(it) => is_unfit(it).then_some(why),
    }
}
