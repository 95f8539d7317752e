//! What a generated route takes beside its body: of the query, the path and the headers.

use orm::schema::SchemaModel;
use serde_json::{Value, json};

use crate::{
    crud::Operation,
    http::openapi::{
        Described,
        components::{Components, PARAMETERS},
        condition_schema, expand_schema, list_schema, schema_ref,
        value_schema::{self, WITHOUT_NUL},
    },
};

/// The names that a list takes for itself: a column of such a name is filtered in a search.
const OWN: [&str; 7] = ["fields", "sort", "expand", "limit", "offset", "count", "q"];

/// What `If-Match` may demand.
const VERSION: &str = r#"^("v[0-9]{1,18}(-[0-9a-f]{1,16})?"|\*)$"#;

/// Adds the parameters that all models share.
pub(super) fn describe(to: &mut Components) {
    let version = json!({ "type": "string", "pattern": VERSION });
    let text = || json!({ "type": "string" });
    let id = json!({
        "name": "id", "in": "path", "required": true, "description": "The key of the record.",
        "schema": { "type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX },
    });
    let user_id = json!({
        "name": "user_id", "in": "query", "required": true, "description": "Whose rights.",
        "schema": value_schema::id(),
    });
    let before = json!({
        "name": "before", "in": "query", "description": "Only entries older than this one.",
        "schema": value_schema::id(),
    });
    for (name, parameter) in [
        ("Id", id),
        ("UserId", user_id),
        ("Before", before),
        ("Limit", query("limit", "How many records a page has.", &list_schema::limit())),
        ("Offset", query("offset", "How many records are passed over.", &list_schema::offset())),
        (
            "Count",
            query(
                "count",
                "Whether all records that pass are counted. `estimated` is exact up to 10 000.",
                &list_schema::count(),
            ),
        ),
        (
            "Search",
            query("q", list_schema::SEARCHED, &json!({ "type": "string", "pattern": WITHOUT_NUL })),
        ),
        (
            "IfMatch",
            header(
                "If-Match",
                "Only if the record has this version: `\"v3\"` or a whole `ETag`.",
                &version,
            ),
        ),
        (
            "IfNoneMatch",
            header("If-None-Match", "Only if the client has not this `ETag`.", &text()),
        ),
        ("Prefer", header("Prefer", "`return=minimal`: an answer without a body.", &text())),
    ] {
        to.add_own(PARAMETERS, name, parameter);
    }
}

fn query(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

fn header(name: &str, description: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": schema })
}

/// What an operation takes.
pub(super) fn of(operation: Operation, model: &Described<'_>) -> Vec<Value> {
    let shared =
        |names: &[&str]| -> Vec<Value> { names.iter().map(|it| parameter_ref(it)).collect() };
    match operation {
        Operation::List => of_list(model),
        Operation::Find => {
            let mut parameters = shared(&["Id", "IfMatch", "IfNoneMatch"]);
            parameters.push(fields(model));
            parameters.extend(expand(model));
            parameters
        }
        Operation::Create => shared(&["Prefer"]),
        Operation::Update => shared(&["Id", "IfMatch", "Prefer"]),
        Operation::Delete => shared(&["Id", "IfMatch"]),
        Operation::Access => shared(&["Id", "UserId"]),
        Operation::History => shared(&["Id", "Limit", "Before"]),
        Operation::Describe => shared(&["IfNoneMatch"]),
        Operation::Search
        | Operation::UpdateWhere
        | Operation::DeleteWhere
        | Operation::Defaults
        | Operation::Onchange
        | Operation::Models => Vec::new(),
    }
}

fn of_list(of: &Described<'_>) -> Vec<Value> {
    let mut parameters: Vec<Value> =
        ["Limit", "Offset", "Count"].iter().map(|it| parameter_ref(it)).collect();
    if list_schema::is_searchable(of.model) {
        parameters.push(parameter_ref("Search"));
    }
    parameters.push(fields(of));
    parameters.extend(expand(of));
    let sort = schema_ref(&of.schema_name("Sort"));
    let description = format!("Keys with commas between; {}", list_schema::SORTED);
    parameters.push(comma_list("sort", &description, &sort));
    parameters.extend(filters(of.model));
    parameters
}

fn fields(of: &Described<'_>) -> Value {
    let description = "Exactly these fields, with commas between.";
    comma_list("fields", description, &schema_ref(&of.schema_name("Field")))
}

fn expand(of: &Described<'_>) -> Option<Value> {
    let description = "With the records behind these relations, with commas between: `a,b.c`.";
    let path = schema_ref(&of.schema_name("ExpandPath"));
    expand_schema::has_relations(of.model).then(|| comma_list("expand", description, &path))
}

fn comma_list(name: &str, description: &str, items: &Value) -> Value {
    json!({
        "name": name, "in": "query", "style": "form", "explode": false,
        "description": description,
        "schema": { "type": "array", "items": items, "minItems": 1, "uniqueItems": true },
    })
}

/// One for each column, and one for each relation, which is there or not.
fn filters(model: &SchemaModel) -> impl Iterator<Item = Value> {
    let columns = model.columns().filter(|it| !it.def.is_secret()).map(|it| {
        let key = it.def.key;
        let description = format!("`{key}[eq]=…` and the like; `{key}=…` is short for `eq`.");
        filter(key, &description, &condition_schema::in_query(it.def))
    });
    let relations = model.fields().iter().filter(|it| it.target.is_some()).map(|it| {
        let name = it.def.name;
        let description = format!("`{name}[null]=true`: no record behind it that you may see.");
        filter(name, &description, &schema_ref("FilterPresence"))
    });
    let is_free = |it: &Value| !OWN.iter().any(|own| it["name"] == **own);
    columns.chain(relations).filter(is_free).collect::<Vec<_>>().into_iter()
}

fn filter(name: &str, description: &str, schema: &Value) -> Value {
    json!({
        "name": name, "in": "query", "style": "deepObject", "explode": true,
        "description": description, "schema": schema,
    })
}

fn parameter_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}
