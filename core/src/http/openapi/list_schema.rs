//! What a list of a model can be asked for by a body, and the page that answers.

use orm::schema::{SchemaField, SchemaModel};
use serde_json::{Value, json};

use crate::{
    crud::{LIMIT_MAX, LIMIT_USUAL, OFFSET_MAX},
    http::openapi::{
        Described,
        components::{Components, SCHEMAS},
        expand_schema, schema_ref,
        value_schema::WITHOUT_NUL,
    },
};

/// What an order does.
pub(super) const SORTED: &str = "`-` is descending, `id` is added at the end. Absent values come \
    last, up and down.";

/// What `q` finds.
pub(super) const SEARCHED: &str = "Finds records with this text in a field that is searched, \
    whatever the case.";

/// How a list is counted.
pub(super) const COUNTS: [&str; 3] = ["none", "estimated", "exact"];

/// Adds `ProductPage`, `ProductSearch`, `ProductField` and `ProductSort`.
pub(super) fn describe(to: &mut Components, of: &Described<'_>) {
    to.share("Page", page);
    let records = json!({
        "type": "object",
        "properties": {
            "data": { "type": "array", "items": schema_ref(of.model.def.name) },
            "page": schema_ref("Page"),
        },
        "required": ["data", "page"],
        "additionalProperties": false,
    });
    let keys: Vec<_> = named(of.model).map(|it| it.def.key).collect();
    let field = json!({ "type": "string", "enum": keys });
    for (suffix, schema) in
        [("Page", records), ("Field", field), ("Sort", sort(of)), ("Search", search(of))]
    {
        to.add(SCHEMAS, of.schema_name(suffix), &of.origin(), schema);
    }
}

/// Whether the parameter `q` finds something.
pub(super) fn is_searchable(model: &SchemaModel) -> bool {
    model.columns().any(|it| it.def.search)
}

fn page() -> Value {
    json!({
        "type": "object",
        "properties": {
            "has_more": { "type": "boolean", "description": "Whether records follow." },
            "total": {
                "type": "integer", "format": "int64", "minimum": 0,
                "description": "How many records pass; there only when asked for.",
            },
            "total_kind": {
                "type": "string", "enum": ["exact", "estimated", "at_least"],
                "description": "How good the total is.",
            },
        },
        "required": ["has_more"],
        "dependentRequired": { "total": ["total_kind"], "total_kind": ["total"] },
        "additionalProperties": false,
    })
}

/// What `fields` may name.
fn named(model: &SchemaModel) -> impl Iterator<Item = &SchemaField> {
    model.fields().iter().filter(|it| !it.def.is_secret())
}

fn open(model: &SchemaModel) -> impl Iterator<Item = &SchemaField> {
    model.columns().filter(|it| !it.def.is_secret())
}

/// A key up or down, or that of a record behind a reference.
fn sort(of: &Described<'_>) -> Value {
    let model = of.model;
    let keys: Vec<_> =
        sortable(model).flat_map(|key| [key.to_owned(), format!("-{key}")]).collect();
    let hops = model.fields().iter().filter(|it| it.def.kind.is_to_one() && it.target.is_some());
    let paths = hops.map(|hop| {
        let keys: Vec<_> = sortable(of.schema.target(hop)).collect();
        format!(r"{}\.({})", hop.def.name, keys.join("|"))
    });
    let paths: Vec<_> = paths.collect();
    let key = json!({ "type": "string", "enum": keys });
    if paths.is_empty() {
        return key;
    }
    let path = json!({ "type": "string", "pattern": format!("^-?({})$", paths.join("|")) });
    json!({ "anyOf": [key, path] })
}

fn sortable(model: &SchemaModel) -> impl Iterator<Item = &'static str> {
    open(model).filter(|it| it.has_order()).map(|it| it.def.key)
}

fn search(of: &Described<'_>) -> Value {
    let mut search = json!({
        "type": "object",
        "properties": {
            "filter": schema_ref(&of.schema_name("Filter")),
            "fields": {
                "type": "array", "items": schema_ref(&of.schema_name("Field")), "uniqueItems": true,
                "description": "Exactly these fields.",
            },
            "sort": {
                "type": "array", "items": schema_ref(&of.schema_name("Sort")), "uniqueItems": true,
                "description": SORTED,
            },
            "limit": limit(),
            "offset": offset(),
            "count": count(),
        },
        "additionalProperties": false,
    });
    if expand_schema::has_relations(of.model) {
        search["properties"]["expand"] = schema_ref(&of.schema_name("Expand"));
    }
    if is_searchable(of.model) {
        search["properties"]["q"] = text_search();
    }
    search
}

/// How many records a page has at the most.
pub(super) fn limit() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": LIMIT_MAX, "default": LIMIT_USUAL })
}

/// How many records are passed over.
pub(super) fn offset() -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": OFFSET_MAX, "default": 0 })
}

/// Whether the records are counted.
pub(super) fn count() -> Value {
    json!({ "type": "string", "enum": COUNTS, "default": COUNTS[0] })
}

/// A text to be found.
pub(super) fn text_search() -> Value {
    json!({
        "type": "string",
        "pattern": WITHOUT_NUL,
        "description": SEARCHED,
    })
}
