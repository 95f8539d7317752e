//! Labels that nobody will ever read: those of models, fields, choices and checks that are not
//! there, which is how a misspelt one looks.

use orm::{
    Kind, Schema,
    schema::{SchemaField, SchemaModel},
};

use crate::module;

/// A line for each label of the modules that names nothing; each label once, whatever the
/// languages.
pub(crate) fn of_nothing(schema: &Schema, modules: &[module::Texts]) -> Vec<String> {
    let sources = modules.iter().flat_map(|it| [it.en, it.ru]);
    let mut labels: Vec<&str> = sources.flat_map(str::lines).filter_map(id).collect();
    labels.sort_unstable();
    labels.dedup();
    let fault = |it: &str| Some(format!("text `{it}`: {}", what(schema, it)?));
    labels.into_iter().filter_map(fault).collect()
}

/// The id of the message that begins in this line.
fn id(line: &str) -> Option<&str> {
    let (id, _) = line.split_once('=')?;
    Some(id.trim_end()).filter(|it| it.starts_with(|it: char| it.is_ascii_lowercase()))
}

/// What is wrong with a label; nothing with what is none.
fn what(schema: &Schema, id: &str) -> Option<String> {
    let parts: Vec<&str> = id.splitn(4, '-').collect();
    let (sort, table, name) = match parts[..] {
        ["model", table] => ("model", table, None),
        // A label with no table is for the fields of that name of every model.
        [sort @ ("field" | "check" | "choice"), table, name, ..] => (sort, table, Some(name)),
        _ => return None,
    };
    let Some(model) = schema.by_table(table) else {
        let tables: Vec<_> = schema.models().iter().map(|it| it.def.table).collect();
        return Some(format!("there is no model `{table}`; there are {}", listed(&tables)));
    };
    let name = name?;
    if sort == "check" {
        let known: Vec<_> = model.def.sql_checks.iter().map(|it| it.name).collect();
        let fault = || format!("`{table}` has no check `{name}`; it has {}", listed(&known));
        return (!known.contains(&name)).then(fault);
    }
    let Some(field) = model.field(name) else { return Some(no_field(model, name)) };
    (sort == "choice").then(|| no_choice(field, parts.get(3).copied().unwrap_or_default()))?
}

fn no_field(model: &SchemaModel, name: &str) -> String {
    let table = model.def.table;
    if let Some(field) = model.fields().iter().find(|it| it.def.key == name) {
        return format!("a label is of the field, not of its key; write `{}`", field.def.name);
    }
    let known: Vec<_> = model.fields().iter().map(|it| it.def.name).collect();
    format!("`{table}` has no field `{name}`; it has {}", listed(&known))
}

fn no_choice(field: &SchemaField, value: &str) -> Option<String> {
    let name = field.def.name;
    let Kind::Selection(selection) = field.def.kind else {
        return Some(format!("`{name}` is no selection; write `field-` for its own label"));
    };
    let known: Vec<_> = selection.choices.iter().map(|it| it.value).collect();
    let fault = || format!("`{name}` has no choice `{value}`; it has {}", listed(&known));
    (!known.contains(&value)).then(fault)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
