//! What `GET /{collection}/{id}/access` answers.

use serde_json::{Value, json};

use crate::{
    access::DecidedBy,
    http::openapi::{
        components::Components, model_description::closed, schema_ref, value_schema::id,
    },
};

/// Adds `AccessExplanation` and what it is made of.
pub(super) fn describe(to: &mut Components) {
    to.share("AccessExplanation", explanation);
    to.share("AccessDecision", decision);
    to.share("AccessReason", reason);
}

fn explanation() -> Value {
    let names = |description: &str| {
        let name = json!({ "type": "string" });
        json!({ "type": "array", "items": name, "description": description })
    };
    let fields = closed(
        &json!({
            "closed_for_reading": names("The fields that the user may not read."),
            "closed_for_writing": names("The fields that the user may not write."),
        }),
        &["closed_for_reading", "closed_for_writing"],
    );
    let decision = schema_ref("AccessDecision");
    let properties =
        json!({ "read": decision, "update": decision, "delete": decision, "fields": fields });
    closed(&properties, &["read", "update", "delete", "fields"])
}

fn decision() -> Value {
    let properties = json!({
        "allowed": { "type": "boolean" },
        "decided_by": schema_ref("AccessReason"),
        "sql": {
            "type": "string",
            "description": "The condition that the user's statements carry for the verb.",
        },
    });
    closed(&properties, &["allowed", "decided_by", "sql"])
}

fn reason() -> Value {
    let properties = json!({
        "kind": { "type": "string", "enum": DecidedBy::KINDS },
        "id": id(),
        "ids": {
            "type": "array", "items": id(),
            "description": "The rules of the user's roles; the record passes none.",
        },
        "role": { "type": "string", "description": "The role of the grant." },
        "name": { "type": "string", "description": "What the rule or the module is called." },
        "model": { "type": "string", "description": "The collection of the parent." },
        "decision": schema_ref("AccessDecision"),
    });
    closed(&properties, &["kind"])
}
