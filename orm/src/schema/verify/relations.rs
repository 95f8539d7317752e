//! Relations: where they lead, what leads back, and who is whose parent.

use crate::{FieldDef, Kind, ModelDef, schema::verify::Faults};

/// A relation of a model, its target among the models listed.
pub(super) fn verify(
    defs: &[&'static ModelDef],
    def: &ModelDef,
    field: &FieldDef,
    faults: &mut Faults,
) {
    let Some(target) = field.kind.target().map(|it| it()) else {
        if field.inverse.is_some() {
            faults.of_field(def, field, "only collections have an `inverse`: take it away");
        }
        return;
    };
    let Some(listed) = defs.iter().find(|it| is_same(it, target)) else {
        let ModelDef { name, krate, .. } = target;
        let what =
            format!("leads to {name}, whose module is not listed: add `.module({krate}::MODULE)`");
        return faults.of_field(def, field, what);
    };
    // As it is listed: with what extensions add to it.
    let target = *listed;
    let what = match field.kind {
        Kind::One2Many(_) => collection_fault(def, field, target),
        Kind::Many2Many(_) => link_fault(def, field, target),
        _ => field.inverse.map(|_| "only collections have an `inverse`: take it away".to_owned()),
    };
    if let Some(what) = what {
        faults.of_field(def, field, what);
    }
}

/// What keeps a `One2Many` from being the other side of a `Many2One` or `One2One`.
fn collection_fault(def: &ModelDef, field: &FieldDef, target: &ModelDef) -> Option<String> {
    let wanted = format!("a Many2One<{}> of {}", def.name, target.name);
    let Some(name) = field.inverse else {
        return Some(format!(
            "a collection needs {wanted}: name it with #[field(inverse = \"…\")]"
        ));
    };
    let Some(back) = declared(target, name) else {
        return Some(absent(target, name, &wanted));
    };
    let leads_here = back.kind.reference().is_some_and(|to| is_same(to(), def));
    (!leads_here).then(|| format!("`inverse` is `{name}`, which does not lead here: name {wanted}"))
}

/// The other side goes by its name, not by its key.
fn absent(target: &ModelDef, name: &str, wanted: &str) -> String {
    let has_not = format!("`inverse` is `{name}`, which {} has not", target.name);
    match target.fields.iter().find(|it| it.key == name) {
        Some(it) => format!("{has_not}: a field is named without its key, write `{}`", it.name),
        None => format!("{has_not}: name {wanted}"),
    }
}

/// What keeps a `Many2Many` with an inverse from being the other side of a link.
fn link_fault(def: &ModelDef, field: &FieldDef, target: &ModelDef) -> Option<String> {
    let name = field.inverse?;
    let wanted = format!("a Many2Many<{}> of {}", def.name, target.name);
    let Some(back) = declared(target, name) else {
        return Some(absent(target, name, &wanted));
    };
    if !matches!(back.kind, Kind::Many2Many(to) if is_same(to(), def)) {
        return Some(format!("`inverse` is `{name}`, which does not lead here: name {wanted}"));
    }
    let both = "a link has its table on the side without `inverse`: take it away on one side";
    back.inverse.map(|_| both.to_owned())
}

/// The models that a reference to any record is narrowed to.
pub(super) fn verify_targets(
    defs: &[&'static ModelDef],
    def: &ModelDef,
    field: &FieldDef,
    faults: &mut Faults,
) {
    if !field.targets.is_empty() && !matches!(field.kind, Kind::AnyRecord) {
        faults.of_field(def, field, "only an AnyRecord has `targets`: take them away");
    }
    for (at, target) in field.targets.iter().enumerate() {
        if field.targets[..at].contains(target) {
            faults.of_field(def, field, format!("`targets` names `{target}` twice"));
        } else if defs.iter().all(|it| it.table != *target) {
            let cure = "name the table of a model whose module is listed";
            faults.of_field(def, field, format!("`targets` names `{target}`: {cure}"));
        }
    }
}

/// The reference that `child_of` names, and whether the parents end somewhere.
pub(super) fn verify_parent(def: &'static ModelDef, faults: &mut Faults) {
    let Some(child_of) = def.child_of else { return };
    let what = match declared(def, child_of.field) {
        None => format!("`child_of` names `{}`, which is no field: name one", child_of.field),
        Some(it) if it.kind.reference().is_none() => {
            format!("`child_of` names `{}`, which is no reference: make it a Many2One", it.name)
        }
        Some(it) if it.nullable => {
            let why = "which is optional, and every child has a parent: take `Option` away";
            format!("`child_of` names `{}`, {why}", it.name)
        }
        Some(_) => match circle(def) {
            Some(circle) => {
                let way = circle.join(" → ");
                format!("`child_of` leads in a circle, {way}: take one of them away")
            }
            None => return,
        },
    };
    faults.of_model(def, what);
}

/// The tables from a model over its parents back to itself; only for the first of them by name,
/// so that a circle is one fault.
fn circle(def: &'static ModelDef) -> Option<Vec<&'static str>> {
    let mut tables = vec![def.table];
    let mut next = parent(def)?;
    while !tables.contains(&next.table) {
        tables.push(next.table);
        next = parent(next)?;
    }
    let is_here = next.table == def.table && tables.iter().all(|it| *it >= def.table);
    is_here.then(|| tables.into_iter().chain([def.table]).collect())
}

fn parent(def: &ModelDef) -> Option<&'static ModelDef> {
    let to = declared(def, def.child_of?.field)?.kind.target()?;
    Some(to())
}

fn declared(def: &ModelDef, name: &str) -> Option<&'static FieldDef> {
    def.fields.iter().find(|it| it.name == name)
}

/// By name: a model's description need not have one address.
fn is_same(one: &ModelDef, other: &ModelDef) -> bool {
    (one.krate, one.name, one.table) == (other.krate, other.name, other.table)
}
