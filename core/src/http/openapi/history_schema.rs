//! What `GET /{collection}/{id}/history` answers.

use serde_json::{Value, json};

use crate::http::openapi::{
    components::Components, model_description::closed, schema_ref, value_schema::id,
};

/// Adds `HistoryPage` and what it is made of.
pub(super) fn describe(to: &mut Components) {
    to.share("HistoryPage", page);
    to.share("HistoryEntry", entry);
    to.share("HistoryChange", change);
}

fn page() -> Value {
    let entries = json!({ "type": "array", "items": schema_ref("HistoryEntry") });
    let more = json!({ "type": "boolean", "description": "Whether older entries follow." });
    let page = closed(&json!({ "has_more": more }), &["has_more"]);
    closed(&json!({ "data": entries, "page": page }), &["data", "page"])
}

fn entry() -> Value {
    let by = json!({
        "type": ["integer", "null"], "format": "int64",
        "description": "Who it was; null for the system. There where `updated_by_id` may be read.",
    });
    let at = json!({
        "type": "string", "format": "date-time",
        "description": "When it was. There where `updated_at` may be read.",
    });
    let properties = json!({
        "id": id(),
        "at": at,
        "by_id": by,
        "verb": { "type": "string", "enum": ["create", "update", "delete"] },
        "changes": { "type": "array", "items": schema_ref("HistoryChange"), "minItems": 1 },
    });
    closed(&properties, &["id", "verb", "changes"])
}

fn change() -> Value {
    let ids =
        |description: &str| json!({ "type": "array", "items": id(), "description": description });
    let properties = json!({
        "field": { "type": "string", "description": "The key of the field." },
        "old": { "description": "What the field held, as records show it; null for nothing." },
        "new": { "description": "What it held from then on." },
        "added": ids("The records that were linked, as far as you may see them."),
        "removed": ids("The records that were linked no more, as far as you may see them."),
    });
    let mut change = closed(&properties, &["field"]);
    change["dependentRequired"] = json!({
        "old": ["new"], "new": ["old"], "added": ["removed"], "removed": ["added"],
    });
    change
}
