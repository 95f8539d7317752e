//! A model's records as answers give them, and as bodies bring them.

use orm::{
    FieldDef, Kind, json,
    schema::{SchemaField, SchemaModel},
};
use serde_json::{Map, Value, json};

use crate::http::openapi::{
    Described,
    components::{Components, SCHEMAS},
    link_schema,
    value_schema::{self, Place},
};

const ANSWERED: &str = "No key is always there: `fields` chooses, lists of ids and fields marked \
    heavy come only when they are named, and fields that you may not read are left out.";

const OPTION: &str = "Says how the write is meant; it is not kept.";

/// Adds `Product`, `ProductCreate`, `ProductUpdate`, `ProductUpdateMany` and `ProductDefaults`.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    let model = of.model;
    let readable = || model.fields().iter().filter(|it| !it.def.is_secret());
    let writable = || model.fields().iter().filter(|it| it.is_writable());
    link_schema::describe(to);

    let mut record = object(of, readable(), Place::Answer, property);
    record["description"] = json!(join(model.def.help, ANSWERED));
    let mut new = object(of, writable(), Place::New, property_of_new);
    new["required"] = writable().filter(|it| is_required(it)).map(|it| it.def.key).collect();
    let mut changes = object(of, writable(), Place::Body, property);
    // Links and secrets belong to one record each.
    let of_many = writable().filter(|it| it.has_column() && !it.def.is_secret());
    let mut of_many = object(of, of_many, Place::Body, property);
    for option in model.def.options {
        let word = json!({ "type": "boolean", "description": OPTION });
        for body in [&mut new, &mut changes, &mut of_many] {
            body["properties"][option] = word.clone();
        }
    }
    let with_default = readable().filter(|it| it.has_column() && it.def.default.is_some());
    let defaults = object(of, with_default, Place::Defaults, property);

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

type PropertyOf = fn(&Described<'_>, &SchemaField, Place) -> Value;

fn object<'m>(
    of: &Described<'m>,
    fields: impl Iterator<Item = &'m SchemaField>,
    place: Place,
    property: PropertyOf,
) -> Value {
    let properties: Map<String, Value> =
        fields.map(|it| (it.def.key.to_owned(), property(of, it, place))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The field as a user reads of it.
fn property(of: &Described<'_>, field: &SchemaField, place: Place) -> Value {
    let SchemaModel { def: model, .. } = of.model;
    let def = field.def;
    let mut schema = value_schema::of(def, place);
    let label = def.label.map(str::to_owned);
    schema["title"] =
        json!(label.unwrap_or_else(|| of.texts.field_label("en", model.table, def.name)));
    let description = join(def.help, &target_sentence(of, field));
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
