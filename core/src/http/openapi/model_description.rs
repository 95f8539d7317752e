//! What `GET /models` and `GET /{collection}/schema` answer.

use orm::Op;
use serde_json::{Value, json};

use crate::http::openapi::{components::Components, schema_ref};

/// Adds `ModelList`, `ModelDescription` and what they are made of.
pub(super) fn describe(to: &mut Components) {
    to.share("ModelList", models);
    to.share("ModelSummary", summary);
    to.share("ModelDescription", model);
    to.share("ModelRights", || flags(&["create", "read", "update", "delete"]));
    to.share("FieldDescription", field);
    to.share("FieldRights", || flags(&["read", "write"]));
    to.share("ChoiceDescription", || {
        closed(
            &json!({ "value": { "type": "string" }, "label": { "type": "string" } }),
            &["value", "label"],
        )
    });
}

fn models() -> Value {
    let data = json!({ "type": "array", "items": schema_ref("ModelSummary") });
    closed(&json!({ "data": data }), &["data"])
}

fn summary() -> Value {
    let properties = json!({
        "model": { "type": "string", "description": "The name of its collection." },
        "label": { "type": "string" },
        "can": schema_ref("ModelRights"),
    });
    closed(&properties, &["model", "label", "can"])
}

fn model() -> Value {
    let properties = json!({
        "model": { "type": "string", "description": "The name of its collection." },
        "label": { "type": "string" },
        "display": {
            "type": ["string", "null"],
            "description": "The field that names a record where only one line is shown.",
        },
        "default_filter": {
            "type": ["object", "null"],
            "description": "What a list on a screen presets.",
        },
        "fields": { "type": "array", "items": schema_ref("FieldDescription") },
        "can": schema_ref("ModelRights"),
    });
    closed(&properties, &["model", "label", "display", "default_filter", "fields", "can"])
}

fn field() -> Value {
    let of_columns = Op::ALL.iter().map(|it| it.name());
    let operators: Vec<_> = of_columns.chain(["null", "some", "every", "none"]).collect();
    let properties = json!({
        "name": { "type": "string", "description": "As paths and rights name it." },
        "key": { "type": "string", "description": "As records name it." },
        "kind": { "type": "string", "description": "`text`, `decimal`, `many2one` and the like." },
        "label": { "type": "string" },
        "help": { "type": "string" },
        "required": { "type": "boolean" },
        "read_only": { "type": "boolean" },
        "choices": { "type": "array", "items": schema_ref("ChoiceDescription") },
        "target": { "type": "string", "description": "The collection behind a relation." },
        "targets": {
            "type": "array",
            "items": { "type": "string" },
            "description": "The collections that a reference to any record may lead to; absent: all.",
        },
        "min": { "type": "integer", "format": "int64" },
        "max": { "type": "integer", "format": "int64" },
        "scale": { "type": "integer", "minimum": 0, "description": "Decimal places." },
        "operators": { "type": "array", "items": { "type": "string", "enum": operators } },
        "can": schema_ref("FieldRights"),
    });
    let required =
        ["name", "key", "kind", "label", "help", "required", "read_only", "operators", "can"];
    closed(&properties, &required)
}

fn flags(names: &[&str]) -> Value {
    let flag = |it: &&str| ((*it).to_owned(), json!({ "type": "boolean" }));
    closed(&names.iter().map(flag).collect(), names)
}

/// An object of these properties and no others.
pub(super) fn closed(properties: &Value, required: &[&str]) -> Value {
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
