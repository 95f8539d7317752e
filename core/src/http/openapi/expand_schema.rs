//! What can come with records: as queries and searches name it, and as answers hold it.

use orm::schema::{SchemaField, SchemaModel};
use serde_json::{Map, Value, json};

use crate::{
    crud::{EXPAND_DEPTH_MAX, EXPAND_RELATIONS_MAX},
    http::openapi::{
        Described,
        components::{Components, SCHEMAS},
        list_schema, schema_ref,
    },
};

/// Adds `ProductExpand`, `ProductExpandPath`, `ProductRelated` and `ProductRelatedMany`.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    to.share("Cut", || {
        json!({
            "type": "object",
            "properties": { "has_more": { "type": "boolean" } },
            "required": ["has_more"], "additionalProperties": false,
            "description": "There only when the list is cut.",
        })
    });
    for (suffix, schema) in [
        ("Expand", tree(of)),
        ("ExpandPath", path(of.model)),
        ("Related", level(of, false)),
        ("RelatedMany", level(of, true)),
    ] {
        to.add(SCHEMAS, of.schema_name(suffix), &of.origin(), schema);
    }
}

/// The relations of a model.
fn relations(model: &SchemaModel) -> impl Iterator<Item = &SchemaField> {
    model.fields().iter().filter(|it| it.target.is_some())
}

/// Whether there is anything to expand.
pub(super) fn has_relations(model: &SchemaModel) -> bool {
    relations(model).next().is_some()
}

/// Relations, each with what is wanted of the records behind it.
fn tree(of: &Described<'_>) -> Value {
    let level = |field: &SchemaField| {
        let many = if field.def.kind.is_to_many() { "Many" } else { "" };
        let target = of.schema.target(field).def.name;
        (field.def.name.to_owned(), schema_ref(&format!("{target}Related{many}")))
    };
    let properties: Map<String, Value> = relations(of.model).map(level).collect();
    json!({
        "type": "object", "properties": properties, "additionalProperties": false,
        "description": format!(
            "The records behind relations, each under the relation's name; at most \
             {EXPAND_DEPTH_MAX} levels and {EXPAND_RELATIONS_MAX} relations."
        ),
    })
}

/// A relation, or one behind it.
fn path(model: &SchemaModel) -> Value {
    let names: Vec<_> = relations(model).map(|it| it.def.name).collect();
    let behind = format!(r"(\.[a-z][a-z0-9_]*){{0,{}}}", EXPAND_DEPTH_MAX - 1);
    json!({ "type": "string", "pattern": format!("^({}){behind}$", names.join("|")) })
}

/// What is wanted of the records behind a relation that leads to this model.
fn level(of: &Described<'_>, is_many: bool) -> Value {
    let mut level = json!({
        "type": "object",
        "properties": {
            "fields": {
                "type": "array", "items": schema_ref(&of.schema_name("Field")), "uniqueItems": true,
                "description": "Exactly these fields.",
            },
            "filter": schema_ref(&of.schema_name("Filter")),
        },
        "additionalProperties": false,
    });
    let properties = &mut level["properties"];
    if has_relations(of.model) {
        properties["expand"] = schema_ref(&of.schema_name("Expand"));
    }
    if is_many {
        properties["sort"] = json!({
            "type": "array", "items": schema_ref(&of.schema_name("Sort")), "uniqueItems": true,
            "description": list_schema::SORTED,
        });
        properties["limit"] = list_schema::limit();
    }
    level
}

/// The properties of a record that come with `expand`.
pub(super) fn answered(of: &Described<'_>, properties: &mut Value) {
    for field in relations(of.model) {
        let name = field.def.name;
        let target = schema_ref(of.schema.target(field).def.name);
        if field.def.kind.is_to_many() {
            properties[name] = json!({ "type": "array", "items": target });
            properties[format!("{name}_page")] = schema_ref("Cut");
        } else {
            properties[name] = json!({ "anyOf": [target, { "type": "null" }] });
        }
    }
}
