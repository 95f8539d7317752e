//! What a line of a model needs of its fields: `archivable`, `company_owned`, `check_sql`.

use crate::{
    FieldDef, Kind, ModelDef, Value,
    model::SqlCheck,
    schema::{
        names_in,
        verify::{Faults, fields},
    },
};

pub(super) fn verify(def: &ModelDef, faults: &mut Faults) {
    verify_archivable(def, faults);
    verify_company(def, faults);
    for check in def.sql_checks {
        if let Err(what) = verify_check(def, check) {
            faults.of_model(def, format!("the check `{}` {what}", check.name));
        }
    }
}

/// Records are put aside by a field that a new one has as true.
fn verify_archivable(def: &ModelDef, faults: &mut Faults) {
    let cure = "#[field(default = true)] active: bool";
    let active = def.fields.iter().find(|it| it.name == "active");
    let is_fit = |it: &FieldDef| {
        let starts_active = it.default.is_some_and(|it| it() == Value::Bool(true));
        matches!(it.kind, Kind::Bool) && !it.nullable && starts_active
    };
    if def.is_archivable && !active.is_some_and(is_fit) {
        let what = format!("`archivable` puts records aside by their field `active`: write {cure}");
        faults.of_model(def, what);
    } else if !def.is_archivable && !def.unique_unless_archived.is_empty() {
        let what = "`unless archived` needs records that are archived: write `archivable` above it";
        faults.of_model(def, what);
    }
}

/// Records of no company are for all, so the reference is optional.
fn verify_company(def: &ModelDef, faults: &mut Faults) {
    let Some(name) = def.company_owned else { return };
    let field = def.fields.iter().find(|it| it.name == name);
    let is_fit = |it: &FieldDef| matches!(it.kind, Kind::Many2One(_)) && it.nullable;
    if !field.is_some_and(is_fit) {
        let cure = format!("{name}: Option<Many2One<Company>>");
        faults.of_model(def, format!("`company_owned` needs a company to be of: write {cure}"));
    } else if let Some(child_of) = def.child_of {
        let parent = child_of.field;
        let what =
            format!("`company_owned` is for models with rights of their own: say it of `{parent}`");
        faults.of_model(def, what);
    }
}

/// What is wrong with an author's SQL, as far as its words tell; PostgreSQL reads the rest when
/// the constraint is made.
fn verify_check(def: &ModelDef, check: &SqlCheck) -> Result<(), String> {
    let names = names_in(check.expression).map_err(ToOwned::to_owned)?;
    let columns: Vec<&FieldDef> = fields(def).filter(|it| it.has_column()).collect();
    for name in &names {
        if columns.iter().any(|it| it.key == name) {
            continue;
        }
        let key = columns.iter().find(|it| it.name == name).map(|it| it.key);
        return Err(match key {
            Some(key) => format!("names `{name}`, whose column is `{key}`: write that"),
            None => format!("names `{name}`, which is no column: take one of the model's"),
        });
    }
    if names.is_empty() {
        return Err("names no column: it is about the values of a row".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
