//! What writes of many records are asked by, and how they answer.

use serde_json::{Value, json};

use crate::http::openapi::{
    Described,
    components::{Components, SCHEMAS},
    schema_ref,
};

/// Adds `ProductUpdateWhere`, `ProductDeleteWhere` and what all models answer.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    to.share("Affected", affected);
    let filter = || json!({ "$ref": filter_of(of), "minProperties": 1 });
    let delete = json!({
        "type": "object",
        "properties": { "filter": filter(), "max_affected": max_affected() },
        "required": ["filter", "max_affected"],
        "additionalProperties": false,
    });
    let data = schema_ref(&of.schema_name("UpdateMany"));
    let update = json!({
        "type": "object",
        "properties": { "filter": filter(), "data": data, "max_affected": max_affected() },
        "required": ["filter", "data", "max_affected"],
        "additionalProperties": false,
    });
    for (suffix, schema) in [("UpdateWhere", update), ("DeleteWhere", delete)] {
        to.add(SCHEMAS, of.schema_name(suffix), &of.origin(), schema);
    }
}

fn filter_of(of: &Described<'_>) -> Value {
    schema_ref(&of.schema_name("Filter"))["$ref"].take()
}

fn max_affected() -> Value {
    json!({
        "type": "integer", "format": "int64", "minimum": 0, "maximum": i64::MAX,
        "description": "More records than that, and none is touched: 409 `max_affected`.",
    })
}

fn affected() -> Value {
    json!({
        "type": "object",
        "properties": {
            "affected": {
                "type": "integer", "format": "int64", "minimum": 0,
                "description": "Records that are so already are neither written nor counted.",
            },
        },
        "required": ["affected"],
        "additionalProperties": false,
    })
}
