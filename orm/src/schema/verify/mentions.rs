//! Fields that a model names in its attributes: `display`, `order`, `unique`, `scope_index`.

use crate::{
    FieldDef, ModelDef,
    schema::verify::{Faults, fields, is_comparable, is_indexable},
};

pub(super) fn verify(def: &ModelDef, faults: &mut Faults) {
    if let Some(name) = def.display
        && let Some(what) = fault_of(named(def, name), |it| !it.is_secret(), "is a secret")
    {
        faults.of_model(def, format!("`display` names `{name}`, which {what}"));
    }
    verify_order(def, faults);
    for set in def.unique {
        verify_set(def, set, faults);
    }
    for set in def.unique_unless_archived {
        verify_set(def, set, faults);
    }
    for name in def.scope_index {
        if let Some(what) = fault_of(named(def, name), is_indexable, "cannot be indexed") {
            faults.of_model(def, format!("`scope_index` names `{name}`, which {what}"));
        }
    }
}

/// An order may name a reference by its key too, as lists do.
fn verify_order(def: &ModelDef, faults: &mut Faults) {
    let mut sorted = Vec::new();
    for key in def.order.split(',').map(str::trim) {
        let name = key.strip_prefix('-').unwrap_or(key);
        let field = named(def, name).or_else(|| fields(def).find(|it| it.key == name));
        let is_fit = |it: &FieldDef| is_comparable(it) && !it.is_secret();
        if name.is_empty() {
            faults.of_model(def, "a key of `order` is empty: without an order, write `id`");
        } else if let Some(what) = fault_of(field, is_fit, "cannot be sorted by") {
            faults.of_model(def, format!("`order` names `{name}`, which {what}"));
        } else if sorted.contains(&name) {
            faults.of_model(def, format!("`order` names `{name}` twice"));
        }
        sorted.push(name);
    }
}

fn verify_set(def: &ModelDef, set: &[&str], faults: &mut Faults) {
    if set.is_empty() {
        faults.of_model(def, "a set of `unique` is empty: name its fields");
    }
    for (at, name) in set.iter().enumerate() {
        if let Some(what) = fault_of(named(def, name), is_indexable, "cannot be unique") {
            faults.of_model(def, format!("`unique` names `{name}`, which {what}"));
        } else if set[..at].contains(name) {
            faults.of_model(def, format!("`unique` names `{name}` twice in one set"));
        }
    }
}

fn named(def: &ModelDef, name: &str) -> Option<&'static FieldDef> {
    fields(def).find(|it| it.name == name)
}

/// Why a field that is mentioned does not do: there is none, it has no column, or it is unfit.
fn fault_of(
    field: Option<&FieldDef>,
    is_fit: impl Fn(&FieldDef) -> bool,
    unfit: &'static str,
) -> Option<&'static str> {
    match field {
        None => Some("is no field: name one of the model's"),
        Some(it) if !it.has_column() => Some("has no column: name a field that has one"),
        Some(it) => (!is_fit(it)).then_some(unfit),
    }
}
