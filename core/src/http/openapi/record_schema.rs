//! A model's records as answers give them, and as bodies bring them.

use orm::{
    FieldDef, Kind, json,
    schema::{FieldId, SchemaField, SchemaModel},
};
use serde_json::{Map, Value, json};

use crate::http::openapi::{
    Described,
    components::{Components, SCHEMAS},
    expand_schema, line_schema, link_schema, onchange_schema,
    value_schema::{self, Place},
};

const ANSWERED: &str = "No key is always there: `fields` chooses, lists of ids and fields marked \
    heavy come only when they are named, records behind relations only with `expand`, and fields \
    that you may not read are left out.";

const OPTION: &str = "Says how the write is meant; it is not kept.";

/// Adds `Product`, `ProductCreate`, `ProductUpdate`, `ProductUpdateMany` and `ProductDefaults`.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    let model = of.model;
    let readable = || model.fields().iter().filter(|it| !it.def.is_secret());
    link_schema::describe(to);
    line_schema::describe(to, of);

    let mut record = object(of, readable(), Place::Answer, property);
    record["description"] = json!(join(model.def.help, ANSWERED));
    expand_schema::answered(of, &mut record["properties"]);
    let (new, changes) = (new_record(of, None), changes(of, None));
    // Links, lines and secrets belong to one record each.
    let of_many = writable(of, None).filter(|it| it.has_column() && !it.def.is_secret());
    let mut of_many = object(of, of_many, Place::Body, property);
    add_options(of, &mut of_many);
    let with_default = readable().filter(|it| it.has_column() && it.def.default.is_some());
    let defaults = object(of, with_default, Place::Defaults, property);

    let follows = readable().filter(|it| it.has_column() && !it.is_framework);
    onchange_schema::describe(to, of, &object(of, follows, Place::Answer, property));

    for (suffix, schema) in [
        ("", record),
        ("Create", new),
        ("Update", changes),
        ("UpdateMany", of_many),
        ("Defaults", defaults),
    ] {
        to.add(SCHEMAS, of.schema_name(suffix), &of.origin(), schema);
    }
}

/// What may stand in a body; a line's reference to the record around it does not.
fn writable<'m>(
    of: &Described<'m>,
    but: Option<FieldId>,
) -> impl Iterator<Item = &'m SchemaField> + use<'m> {
    let (schema, model) = (of.schema, of.model);
    model
        .fields()
        .iter()
        .filter(move |it| (it.is_open_to_bodies() || schema.takes_lines(it)) && but != Some(it.id))
}

/// The body of a new record.
pub(super) fn new_record(of: &Described<'_>, but: Option<FieldId>) -> Value {
    let mut new = object(of, writable(of, but), Place::New, property_of_new);
    let required = writable(of, but).filter(|it| is_required(it));
    new["required"] = required.map(|it| it.def.key).collect();
    add_options(of, &mut new);
    new
}

/// The body of a change.
pub(super) fn changes(of: &Described<'_>, but: Option<FieldId>) -> Value {
    let mut changes = object(of, writable(of, but), Place::Body, property);
    add_options(of, &mut changes);
    changes
}

fn add_options(of: &Described<'_>, body: &mut Value) {
    for option in of.model.def.options {
        body["properties"][option] = json!({ "type": "boolean", "description": OPTION });
    }
}

type PropertyOf = fn(&Described<'_>, &SchemaField, Place) -> Value;

fn object<'m>(
    of: &Described<'m>,
    fields: impl Iterator<Item = &'m SchemaField>,
    place: Place,
    property: PropertyOf,
) -> Value {
    let is_body = matches!(place, Place::Body | Place::New);
    // What an answer gives by the key, as ids, a body takes by the name, as lines.
    let key = |it: &SchemaField| match is_body && of.schema.takes_lines(it) {
        true => it.def.name,
        false => it.def.key,
    };
    let properties: Map<String, Value> =
        fields.map(|it| (key(it).to_owned(), property(of, it, place))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The field as a user reads of it.
fn property(of: &Described<'_>, field: &SchemaField, place: Place) -> Value {
    let SchemaModel { def: model, .. } = of.model;
    let def = field.def;
    let lines = line_schema::of(of.schema, field, place);
    let is_lines = lines.is_some();
    let mut schema = lines.unwrap_or_else(|| value_schema::of(def, place));
    let label = def.label.map(str::to_owned);
    schema["title"] =
        json!(label.unwrap_or_else(|| of.texts.field_label("en", model.table, def.name)));
    let target = if is_lines { String::new() } else { target_sentence(of, field) };
    let description = join(def.help, &target);
    if !description.is_empty() {
        schema["description"] = json!(description);
    }
    if field.is_framework {
        schema["readOnly"] = json!(true);
    }
    schema
}

/// The same with what it starts with where nobody says.
fn property_of_new(of: &Described<'_>, field: &SchemaField, place: Place) -> Value {
    let mut schema = property(of, field, place);
    if let Some(default) = steady_default(field.def) {
        schema["default"] = default;
    }
    schema
}

fn target_sentence(of: &Described<'_>, field: &SchemaField) -> String {
    let Some(target) = field.target else { return String::new() };
    let table = of.schema.model(target).def.table;
    match field.has_column() {
        true => format!("The id of a record of `{table}`."),
        false => format!("Ids of records of `{table}`."),
    }
}

/// A default that is the same at every start: what is asked from a clock or from chance is not a
/// matter of the document.
fn steady_default(def: &FieldDef) -> Option<Value> {
    if matches!(def.kind, Kind::Date | Kind::Time | Kind::DateTime | Kind::Uuid | Kind::Secret) {
        return None;
    }
    let mut text = Vec::new();
    json::field(&mut text, def, &def.default?());
    serde_json::from_slice(&text).ok()
}

fn is_required(field: &SchemaField) -> bool {
    field.has_column() && field.def.is_demanded()
}

/// Two sentences, either of which may be missing.
fn join(one: &str, other: &str) -> String {
    match (one, other) {
        ("", only) | (only, "") => only.to_owned(),
        _ => format!("{one} {other}"),
    }
}
