//! The links of to-many fields: as answers give them, and as bodies change them.

use orm::LINKS_MAX;
use serde_json::{Value, json};

use crate::http::openapi::{components::Components, schema_ref, value_schema};

/// Adds `Links` and `NewLinks`.
pub(super) fn describe(to: &mut Components) {
    to.share("Links", || {
        let edit =
            json!({ "add": ids("They are linked."), "remove": ids("They are linked no more.") });
        any_of(&edit)
    });
    to.share("NewLinks", || any_of(&json!({ "add": ids("They are linked.") })));
}

/// What a body says of the links of a record.
pub(super) fn changed() -> Value {
    schema_ref("Links")
}

/// What a body says of the links of a new record.
pub(super) fn new() -> Value {
    schema_ref("NewLinks")
}

/// What an answer gives.
pub(super) fn answered() -> Value {
    json!({ "type": "array", "items": value_schema::id(), "uniqueItems": true })
}

fn any_of(edit: &Value) -> Value {
    let set = json!({ "set": ids("They and no others are linked, as far as you may see.") });
    let edit = json!({ "type": "object", "properties": edit, "additionalProperties": false });
    let set = json!({
        "type": "object", "properties": set, "required": ["set"], "additionalProperties": false,
    });
    json!({ "anyOf": [edit, set] })
}

fn ids(description: &str) -> Value {
    json!({
        "type": "array", "items": value_schema::id(), "maxItems": LINKS_MAX,
        "description": description,
    })
}
