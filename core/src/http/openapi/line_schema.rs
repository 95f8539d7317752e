//! The lines of a record, as bodies write them with it.

use orm::{
    LINES_MAX, Schema,
    schema::{SchemaField, SchemaModel},
};
use serde_json::{Value, json};

use crate::http::openapi::{
    Described,
    components::{Components, SCHEMAS},
    record_schema, schema_ref,
    value_schema::{self, Place},
};

const LINES: &str = "They go, change and come in this order: `delete`, `update`, `create`.";

/// Adds what a body says of lines of the model, for each reference that they are lines by:
/// `ContactOfPartnerCreate`, `ContactOfPartnerUpdate`, `ContactOfPartnerLines` and
/// `ContactOfPartnerNewLines`.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    for reference in of.model.fields().iter().filter(|it| is_inverse(of.schema, of.model, it)) {
        let name = |suffix| name(of.model, reference, suffix);
        let new = record_schema::new_record(of, Some(reference.id));
        let mut change = record_schema::changes(of, Some(reference.id));
        change["properties"]["id"] = value_schema::id();
        change["properties"]["version"] = value_schema::id();
        change["required"] = json!(["id"]);
        let created = list(&schema_ref(&name("Create")), "New lines.");
        let new_lines = json!({ "create": created });
        let mut lines = new_lines.clone();
        lines["update"] = list(&schema_ref(&name("Update")), "Lines that stay and change.");
        lines["delete"] = list(&value_schema::id(), "Lines that go.");
        for (suffix, schema) in [
            ("Create", new),
            ("Update", change),
            ("Lines", commands(&lines)),
            ("NewLines", commands(&new_lines)),
        ] {
            to.add(SCHEMAS, name(suffix), &of.origin(), schema);
        }
    }
}

/// What a body says of the lines of a record; of anything else, and in answers, nothing.
pub(super) fn of(schema: &Schema, field: &SchemaField, place: Place) -> Option<Value> {
    let suffix = match place {
        Place::Body => "Lines",
        Place::New => "NewLines",
        Place::Answer | Place::Defaults => return None,
    };
    let (model, reference) = schema.lines(field).filter(|_| schema.takes_lines(field))?;
    Some(schema_ref(&name(model, reference, suffix)))
}

/// Whether records of the model are lines of another by this reference.
fn is_inverse(schema: &Schema, model: &SchemaModel, reference: &SchemaField) -> bool {
    let Some(target) = reference.target else { return false };
    schema.model(target).fields().iter().any(|it| {
        let lines = schema.lines(it).filter(|_| schema.takes_lines(it));
        lines.is_some_and(|(of, by)| of.id == model.id && by.id == reference.id)
    })
}

/// `ContactOfPartnerLines`.
fn name(model: &SchemaModel, reference: &SchemaField, suffix: &str) -> String {
    let words = reference.def.name.split('_');
    let words: String = words
        .map(|it| it.split_at_checked(1).unwrap_or((it, "")))
        .map(|(first, rest)| first.to_ascii_uppercase() + rest)
        .collect();
    format!("{}Of{words}{suffix}", model.def.name)
}

fn commands(lists: &Value) -> Value {
    json!({
        "type": "object", "properties": lists, "additionalProperties": false,
        "description": LINES,
    })
}

fn list(items: &Value, description: &str) -> Value {
    json!({
        "type": "array", "items": items, "maxItems": LINES_MAX, "description": description,
    })
}
