//! What a form is asked by, and what follows from it.

use serde_json::{Value, json};

use crate::http::openapi::{
    Described,
    components::{Components, SCHEMAS},
    schema_ref,
};

/// Adds `ProductOnchange`, `ProductOnchanged` and the warnings of all models. `follows` is the
/// record as it is answered.
pub(super) fn describe(to: &mut Components, of: &Described<'_>, follows: &Value) {
    to.share("Warning", warning);
    let entered = json!({
        "type": "object",
        "properties": {
            "record": schema_ref(&of.schema_name("Update")),
            "changed": {
                "type": "array",
                "items": { "type": "string" },
                "description": "What was entered last; without it, all that is in the record.",
            },
        },
        "required": ["record"],
        "additionalProperties": false,
    });
    let answered = json!({
        "type": "object",
        "properties": {
            "record": follows,
            "warnings": { "type": "array", "items": schema_ref("Warning") },
        },
        "required": ["record", "warnings"],
        "additionalProperties": false,
    });
    for (suffix, schema) in [("Onchange", entered), ("Onchanged", answered)] {
        to.add(SCHEMAS, of.schema_name(suffix), &of.origin(), schema);
    }
}

fn warning() -> Value {
    json!({
        "type": "object",
        "properties": { "code": { "type": "string" }, "message": { "type": "string" } },
        "required": ["code", "message"],
        "additionalProperties": false,
    })
}
