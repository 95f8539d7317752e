//! What a model must not be, as far as its struct alone can tell: every fault, with its cure.
//!
//! Faults that only a type can tell (`max` of a boolean) or only another model (an inverse) are
//! found when the schema is verified.

use syn::LitStr;

use crate::{
    faults::Faults,
    model::{
        compute,
        input::{
            FieldInput, ModelInput, UNLESS_ARCHIVED, listed, named_check, retention, unique_set,
        },
    },
    names,
};

/// The fields that every table has, by all their names.
const FRAMEWORK: [&str; 8] = [
    "id",
    "version",
    "created_at",
    "created_by",
    "created_by_id",
    "updated_at",
    "updated_by",
    "updated_by_id",
];

/// Leaves room for the longest names made of it: PostgreSQL cuts names at 63 bytes.
const TABLE_CHARS_MAX: usize = 40;
const SCALE_MAX: i64 = 28;

/// The values of `routes`.
const ROUTES: [&str; 4] = ["all", "changing", "reading", "none"];
/// The values of `on_delete`.
const ON_DELETE: [&str; 3] = ["restrict", "cascade", "set_null"];

/// Adds everything that is wrong with the model to `faults`.
pub(crate) fn check(model: &ModelInput, faults: &mut Faults) {
    check_table(model, faults);
    check_named_fields(model, faults);
    check_inputs(model, faults);
    check_parent(model, faults);
    check_behaviours(model, faults);
    check_choice("routes", model.routes.as_ref(), &ROUTES, faults);
    check_signal(model.signal.as_ref(), faults);
    check_history(model.history.as_ref(), faults);
    check_options(model, faults);
    check_filler(model, faults);
    check_each(&model.fields, faults);
}

/// What each field says of itself.
pub(crate) fn check_each(fields: &[FieldInput], faults: &mut Faults) {
    for field in fields {
        check_name(field, faults);
        check_unique(field, faults);
        check_limits(field, faults);
        check_filled(field, faults);
        compute::check(field, faults);
        check_relation(field, fields, faults);
        check_roles("read", field.read.as_ref(), faults);
        check_roles("write", field.write.as_ref(), faults);
    }
}

fn check_table(model: &ModelInput, faults: &mut Faults) {
    let name = &model.name;
    let usual = names::plural(&names::snake_case(&name.to_string()));
    if !model.has_table {
        let cure = format!("write `#[model(table = \"{usual}\")]` above it");
        faults.add(name, format!("the model `{name}` has no table; {cure}"));
    }
    let Some(table) = &model.table else { return };
    let text = table.value();
    if !names::is_plain(&text) {
        let wanted = "small letters, digits and `_`, and begins with a letter";
        faults.add(table, format!("a table's name is {wanted}; write `{usual}`"));
    } else if text.contains("__") {
        let cure = format!("write `{}`", text.replace("__", "_"));
        faults.add(table, format!("`__` stands in the names of link tables only; {cure}"));
    } else if text.len() > TABLE_CHARS_MAX {
        let found = text.len();
        let wanted = format!("at most {TABLE_CHARS_MAX} characters");
        faults.add(table, format!("a table's name has {wanted}, this one has {found}; shorten it"));
    }
}

fn check_signal(signal: Option<&LitStr>, faults: &mut Faults) {
    let Some(signal) = signal else { return };
    if !names::is_plain(&signal.value()) {
        let wanted = "small letters, digits and `_`, and begins with a letter";
        faults.add(signal, format!("a signal's name is {wanted}; write `rights`"));
    }
}

/// What the author fills in needs somebody who does.
fn check_filler(model: &ModelInput, faults: &mut Faults) {
    let filled = model.fields.iter().filter_map(|it| it.filled.as_ref());
    for filled in filled.filter(|_| model.before.is_none()) {
        let cure = "write `before = ...` above the model, which sets it";
        faults.add(filled, format!("`filled` leaves a new record to the model's author; {cure}"));
    }
}

fn check_filled(field: &FieldInput, faults: &mut Faults) {
    if let (Some(filled), true) = (&field.filled, field.default.is_some()) {
        let cure = "take one of them away";
        faults.add(filled, format!("`filled` and `default` both say what comes in; {cure}"));
    }
}

/// How long to remember is for the author to say: no silent default keeps what a law wants gone.
fn check_history(history: Option<&LitStr>, faults: &mut Faults) {
    let Some(history) = history.filter(|it| retention(it).is_none()) else { return };
    let wanted = "how long changes are remembered, as `365 days` or `forever`";
    let found = history.value();
    faults.add(history, format!("`history` says {wanted}, not `{found}`; write `365 days`"));
}

/// In a body the words of a model stand beside the keys of its fields.
fn check_options(model: &ModelInput, faults: &mut Faults) {
    let Some(text) = &model.options else { return };
    let own = model.field_names();
    let one = own.iter().map(|it| format!("{it}_id"));
    let many = own.iter().map(|it| format!("{}_ids", names::singular(it)));
    let any = own.iter().map(|it| format!("{it}_ref"));
    let keys: Vec<String> = own.iter().cloned().chain(one).chain(many).chain(any).collect();
    for name in listed(text) {
        if keys.contains(&name) || FRAMEWORK.contains(&name.as_str()) {
            let cure = "give the option another name";
            faults.add(text, format!("`{name}` is a key of the model's own; {cure}"));
        } else if !names::is_plain(&name) {
            let wanted = "small letters, digits and `_`, and begins with a letter";
            faults.add(text, format!("an option's name is {wanted}; write `open`"));
        }
    }
}

/// Every option of the model that names fields of it.
fn check_named_fields(model: &ModelInput, faults: &mut Faults) {
    let own = model.field_names();
    let references = own.iter().map(|it| format!("{it}_id"));
    let framework = FRAMEWORK.map(str::to_owned);
    let all: Vec<String> = own.iter().cloned().chain(references).chain(framework).collect();
    if let Some(it) = &model.display {
        check_fields("display", it, &[it.value()], &own, faults);
    }
    if let Some(it) = &model.order {
        let named: Vec<String> = listed(it).iter().map(|it| without_direction(it)).collect();
        check_fields("order", it, &named, &all, faults);
    }
    for it in &model.unique {
        check_fields("unique", it, &unique_set(it).0, &own, faults);
    }
    for it in &model.scope_index {
        check_fields("scope_index", it, &[it.value()], &all, faults);
    }
    if let Some(it) = &model.child_of {
        check_fields("child_of", it, &[it.value()], &own, faults);
    }
}

/// The first name of every input of a computed field; what stands behind a relation only its
/// model can tell.
fn check_inputs(model: &ModelInput, faults: &mut Faults) {
    let own = model.field_names();
    let framework = FRAMEWORK.map(str::to_owned);
    let all: Vec<String> = own.into_iter().chain(framework).collect();
    for field in &model.fields {
        for (at, name) in compute::first_names(field).filter(|it| !all.contains(&it.1)) {
            let cure = match name.as_str() {
                "self" => "name the fields that the function takes".to_owned(),
                _ => cure_of("compute", &name, &all),
            };
            faults.add(at, format!("the input `{name}` is no field of the model; {cure}"));
        }
    }
}

/// The fields that one option names.
fn check_fields(
    option: &str,
    text: &LitStr,
    named: &[String],
    known: &[String],
    faults: &mut Faults,
) {
    for (at, name) in named.iter().enumerate() {
        if name.is_empty() {
            let cure = "write names with one comma between them";
            faults.add(text, format!("`{option}` has a name missing; {cure}"));
        } else if !known.contains(name) {
            let cure = cure_of(option, name, known);
            faults.add(text, format!("`{option}` names `{name}`, which is no field; {cure}"));
        } else if named[..at].contains(name) {
            faults.add(text, format!("`{option}` names `{name}` twice; once is enough"));
        }
    }
}

/// What to write for a name that is none.
fn cure_of(option: &str, name: &str, known: &[String]) -> String {
    let known = || known.iter().map(String::as_str);
    let has = |it: &str| known().any(|known| known == it);
    let words: Vec<&str> = name.split([' ', ',']).filter(|it| !it.is_empty()).collect();
    let of_reference = name.strip_suffix("_id").filter(|it| has(it));
    match (&words[..], of_reference, names::closest(name, known())) {
        ([field, "desc" | "DESC"], ..) => format!("write `-{field}` for the largest first"),
        ([field, "asc" | "ASC"], ..) => format!("write `{field}`"),
        ([first, _, ..], ..) if matches!(option, "display" | "scope_index" | "child_of") => {
            format!("it is one field: write `{first}`")
        }
        ([_, _, ..], ..) => format!("write a comma between names: `{}`", words.join(", ")),
        (_, Some(field), _) => format!("write `{field}`"),
        (_, None, Some(meant)) => format!("did you mean `{meant}`?"),
        _ => "add the field, or name one that is there".to_owned(),
    }
}

/// `-date` → `date`.
fn without_direction(key: &str) -> String {
    key.strip_prefix('-').unwrap_or(key).to_owned()
}

fn check_parent(model: &ModelInput, faults: &mut Faults) {
    if let (Some(touch), None) = (&model.touch, &model.child_of) {
        let cure = "write `child_of = \"...\"` beside it";
        faults.add(touch, format!("`touch` raises the version of a parent; {cure}"));
    }
}

/// What a line of the model needs of its fields: the derive cannot add any.
fn check_behaviours(model: &ModelInput, faults: &mut Faults) {
    let has = |name: &str| model.fields.iter().any(|it| it.name == name);
    if let Some(archivable) = model.archivable.as_ref().filter(|_| !has("active")) {
        let cure = "write `#[field(default = true)] active: bool`";
        faults.add(archivable, format!("records are put aside by their field `active`; {cure}"));
    }
    if let Some(owned) = model.company_owned.as_ref().filter(|_| !has("company")) {
        let cure = "write `company: Option<Many2One<Company>>`";
        faults.add(owned, format!("records belong to their `company`; {cure}"));
    }
    let of_sets = model.unique.iter().filter(|it| unique_set(it).1);
    let of_fields = model.fields.iter().filter_map(|it| it.unless_archived.as_ref());
    for text in of_sets.chain(of_fields).filter(|_| model.archivable.is_none()) {
        let cure = "write `archivable` above the model";
        faults.add(text, format!("`{UNLESS_ARCHIVED}` needs records that are archived; {cure}"));
    }
    for text in &model.check_sql {
        let is_whole = |(name, sql): &(String, String)| names::is_plain(name) && !sql.is_empty();
        if !named_check(text).as_ref().is_some_and(is_whole) {
            let form = "`check_sql = \"dates: starts_on <= ends_on\"`";
            faults.add(text, format!("a check has a name and an expression of SQL; write {form}"));
        }
    }
}

fn check_name(field: &FieldInput, faults: &mut Faults) {
    let name = field.name.to_string();
    if let Some(keyword) = name.strip_prefix("r#") {
        let cure = "give the field another name, as `kind` for `type`";
        faults.add(&field.name, format!("`{keyword}` is a keyword of Rust; {cure}"));
    } else if FRAMEWORK.contains(&name.as_str()) {
        let cure = "leave it out, or give it another name";
        faults.add(&field.name, format!("every model has a field `{name}` of its own; {cure}"));
    } else if !names::is_plain(&name) {
        let wanted = "small letters, digits and `_`, and begins with a letter";
        let cure = names::snake_case(name.trim_start_matches('_'));
        faults.add(&field.name, format!("a field's name is {wanted}; write `{cure}`"));
    }
}

/// The value of `unique`, where it has one.
fn check_unique(field: &FieldInput, faults: &mut Faults) {
    let Some(text) = field.unless_archived.as_ref() else { return };
    if text.value() != UNLESS_ARCHIVED {
        let found = text.value();
        faults.add(text, format!("`unique` is alone or `{UNLESS_ARCHIVED}`, not `{found}`"));
    }
}

fn check_limits(field: &FieldInput, faults: &mut Faults) {
    if let (Some(min), Some(max)) = (&field.min, &field.max)
        && min.value > max.value
    {
        let (min, largest) = (min.value, max.value);
        let cure = "swap them";
        faults.add(&max.written, format!("`max` is {largest} and `min` is {min}; {cure}"));
    }
    if let Some(scale) = &field.scale
        && !(0..=SCALE_MAX).contains(&scale.value)
    {
        let found = scale.value;
        let cure = format!("write one from 0 to {SCALE_MAX}");
        faults.add(&scale.written, format!("no decimal has {found} decimal places; {cure}"));
    }
}

fn check_relation(field: &FieldInput, all: &[FieldInput], faults: &mut Faults) {
    check_choice("on_delete", field.on_delete.as_ref(), &ON_DELETE, faults);
    if let Some(inverse) = &field.inverse
        && !names::is_plain(&inverse.value())
    {
        let cure = "write the name of one field of the other model";
        faults.add(inverse, format!("`inverse` is no name of a field; {cure}"));
    }
    check_targets(field, faults);
    let Some(ids) = &field.ids else { return };
    let name = ids.value();
    if !names::is_plain(&name) {
        let usual = format!("{}_ids", names::singular(&field.name.to_string()));
        faults.add(ids, format!("`ids` is the key of a to-many field; write `{usual}`"));
    } else if all.iter().any(|it| it.name == name) {
        faults.add(ids, format!("`{name}` is a field of its own; give the ids another name"));
    }
}

/// Whether there are such models is seen when all of them are known.
fn check_targets(field: &FieldInput, faults: &mut Faults) {
    let Some(targets) = &field.targets else { return };
    for wrong in listed(targets).iter().filter(|it| !names::is_plain(it)) {
        let cure = "write names of tables with commas between them";
        faults.add(targets, format!("`targets` names no table: `{wrong}`; {cure}"));
    }
}

fn check_roles(option: &str, roles: Option<&LitStr>, faults: &mut Faults) {
    let Some(roles) = roles else { return };
    let is_role = |it: &String| it.contains('.') && it.split('.').all(names::is_plain);
    for wrong in listed(roles).iter().filter(|it| !is_role(it)) {
        let cure = "write `module.what`, several with commas between them";
        faults.add(roles, format!("`{option}` names no role: `{wrong}`; {cure}"));
    }
}

/// An option whose value is one of a few words.
fn check_choice(option: &str, word: Option<&LitStr>, known: &[&str], faults: &mut Faults) {
    let Some(word) = word else { return };
    let found = word.value();
    if !known.contains(&found.as_str()) {
        let known = known.join("`, `");
        faults.add(word, format!("`{option}` is one of `{known}`, not `{found}`"));
    }
}
