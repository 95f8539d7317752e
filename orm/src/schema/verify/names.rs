//! Names: of models, tables, fields and constraints.

use std::collections::HashSet;

use crate::{
    FieldDef, ModelDef,
    migrate::{Draft, Table, is_own_table},
    schema::{
        framework,
        verify::{Faults, SchemaFault, fields},
    },
};

/// What PostgreSQL takes before it cuts a name short.
const NAME_BYTES_MAX: usize = 63;

/// Columns that every table of PostgreSQL has.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Words that would be read as something else where a filter names a field.
const FILTER_WORDS: [&str; 4] = ["and", "or", "not", "null"];

pub(super) fn verify(defs: &[&'static ModelDef], asker: Option<&'static str>, faults: &mut Faults) {
    if let Some(table) = asker.filter(|asker| defs.iter().all(|it| it.table != *asker)) {
        let what = "said to be the model of those who ask, but no listed model has this table";
        faults.0.push(SchemaFault { model: table, field: None, what: what.to_owned() });
    }
    let mut taken = HashSet::new();
    for (at, def) in defs.iter().enumerate() {
        verify_model(&defs[..at], def, faults);
        verify_fields(def, faults);
        if defs[..at].iter().all(|it| it.table != def.table) {
            verify_constraints(def, asker, &mut taken, faults);
        }
    }
}

fn verify_model(before: &[&'static ModelDef], def: &ModelDef, faults: &mut Faults) {
    let is_lined_up = !def.table.contains("__") && !def.table.ends_with('_');
    if !is_plain(def.table) || !is_lined_up {
        faults.of_model(
            def,
            "no name for a table: take small letters, digits and single underscores",
        );
    }
    if is_own_table(def.table) {
        faults.of_model(def, "the framework has a table of this name: take another");
    }
    if let Some(other) = before.iter().find(|it| it.table == def.table) {
        let (one, other) = (path(other), path(def));
        faults.of_model(def, format!("both {one} and {other} have this table: rename one"));
    }
    if before.iter().any(|it| it.name == def.name && it.krate == def.krate) {
        faults.of_model(def, format!("another model is called {} too: rename one", path(def)));
    }
}

fn verify_fields(def: &'static ModelDef, faults: &mut Faults) {
    for (at, field) in def.fields.iter().enumerate() {
        if let Some(what) = field_name_fault(field) {
            faults.of_field(def, field, what);
        }
        let is_page = |it: &&FieldDef| {
            let names = [field.name, field.key];
            it.kind.is_to_many()
                && names.iter().any(|name| name.strip_suffix("_page") == Some(it.name))
        };
        if let Some(other) = def.fields.iter().find(is_page) {
            let what =
                format!("answers say under this name whether `{}` is cut: rename one", other.name);
            faults.of_field(def, field, what);
        }
        for other in &def.fields[..at] {
            if field.name == other.name {
                faults.of_field(def, field, "another field has this name: rename one");
            } else if [other.name, other.key].contains(&field.key) {
                let what =
                    format!("its key `{}` is that of `{}`: rename one", field.key, other.name);
                faults.of_field(def, field, what);
            } else if field.name == other.key {
                let what = format!("its name is the key of `{}`: rename one", other.name);
                faults.of_field(def, field, what);
            }
        }
    }
}

fn field_name_fault(field: &FieldDef) -> Option<&'static str> {
    if !is_plain(field.name) || !is_plain(field.key) {
        Some("no name for a field: take small letters, digits and underscores")
    } else if framework::is_reserved(field.name) || framework::is_reserved(field.key) {
        Some("the framework has a field of this name: take another")
    } else if field.key.len() > NAME_BYTES_MAX {
        Some("longer than the 63 bytes that PostgreSQL takes: shorten it")
    } else if SYSTEM_COLUMNS.contains(&field.key) {
        Some("PostgreSQL has a column of this name in every table: take another")
    } else if FILTER_WORDS.contains(&field.name) {
        Some("a word of the filter language: take another")
    } else {
        None
    }
}

/// The names that the tables of a model need in the database.
fn verify_constraints(
    def: &'static ModelDef,
    asker: Option<&'static str>,
    taken: &mut HashSet<String>,
    faults: &mut Faults,
) {
    for table in (Draft { model: def, fields: fields(def).collect(), asker }).tables() {
        for (name, columns) in names_of(&table) {
            let is_of = |it: &&FieldDef| columns == [it.key];
            let field = def.fields.iter().find(is_of).map(|it| it.name);
            let mut fault = |what| faults.0.push(SchemaFault { model: def.table, field, what });
            if name.len() > NAME_BYTES_MAX {
                fault(format!(
                    "`{name}` would be {} bytes long, and PostgreSQL takes {NAME_BYTES_MAX}: \
                     shorten the name of the table or of the field",
                    name.len(),
                ));
            }
            if !taken.insert(name.to_owned()) {
                fault(format!("two things in the database would be called `{name}`: rename one"));
            }
        }
    }
}

/// A table's own name and that of everything on it, with the columns it is about.
fn names_of(table: &Table) -> Vec<(&str, Vec<&str>)> {
    let constraints = table.constraints.iter().map(|it| {
        let columns = it.columns.iter().map(String::as_str).collect();
        (it.name.as_str(), columns)
    });
    let indexes = table.indexes.iter().map(|it| {
        let columns = it.keys.iter().map(|it| it.column.as_str()).collect();
        (it.name.as_str(), columns)
    });
    [(table.name.as_str(), Vec::new())].into_iter().chain(constraints).chain(indexes).collect()
}

/// Whether it is `[a-z][a-z0-9_]*`: a name that needs no quotes and no second look.
fn is_plain(name: &str) -> bool {
    let is_letter = |it: u8| it.is_ascii_lowercase();
    name.bytes().next().is_some_and(is_letter)
        && name.bytes().all(|it| is_letter(it) || it.is_ascii_digit() || it == b'_')
}

/// Where a model stands: `products::Product`.
fn path(def: &ModelDef) -> String {
    format!("{}::{}", def.krate, def.name)
}
