//! Schemas of OpenAPI 3.0, as poem-openapi writes them, in the words of 3.1, which are those of
//! JSON Schema.
//!
//! What poem-openapi leaves unsaid is said: a property that need not be there may be `null`, and
//! an object that is checked has no other keys.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::http::{not_null::NOT_NULL, openapi::value_schema::or_null};

const SCHEMAS: &str = "#/components/schemas/";

/// What there is to know of all schemas before one is upgraded.
pub(super) struct Upgrade {
    /// Schemas that are a part of another: which keys there may be, the whole says.
    parts: BTreeSet<String>,
}

impl Upgrade {
    /// For the named schemas of a document.
    pub(super) fn of(schemas: &Value) -> Self {
        let mut parts = BTreeSet::new();
        find_parts(schemas, &mut parts);
        Self { parts }
    }

    /// A named schema.
    pub(super) fn named(&self, name: &str, schema: Value) -> Value {
        self.whole(schema, !self.parts.contains(name))
    }

    /// A schema that stands in an operation; what is no schema stays.
    pub(super) fn in_place(&self, schema: &mut Value) {
        if schema.is_object() {
            *schema = self.whole(schema.take(), true);
        }
    }

    fn whole(&self, schema: Value, is_closed: bool) -> Value {
        let Value::Object(mut schema) = schema else { return schema };
        if let Some(reference) = described_reference(&schema) {
            return reference;
        }
        self.parts_of(&mut schema);
        if let Some(example) = schema.remove("example") {
            schema.insert("examples".to_owned(), json!([example]));
        }
        exclusive(&mut schema, ("minimum", "exclusiveMinimum"));
        exclusive(&mut schema, ("maximum", "exclusiveMaximum"));
        formats(&mut schema);
        let has_keys = schema.contains_key("properties");
        if is_closed && has_keys && !schema.contains_key("additionalProperties") {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
        let is_nullable = schema.remove("nullable") == Some(json!(true));
        nullable(Value::Object(schema), is_nullable)
    }

    fn parts_of(&self, schema: &mut Map<String, Value>) {
        let required = schema.get("required").cloned().unwrap_or_default();
        let is_required =
            |name: &str| required.as_array().is_some_and(|it| it.iter().any(|it| it == name));
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for (name, property) in properties {
                let takes_null = !is_required(name) && property["format"] != NOT_NULL;
                let upgraded = self.whole(property.take(), true);
                *property = nullable(upgraded, takes_null);
            }
        }
        for name in ["items", "additionalProperties"] {
            if let Some(part) = schema.get_mut(name) {
                self.in_place(part);
            }
        }
        for name in ["anyOf", "oneOf", "allOf"] {
            for part in schema.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten() {
                *part = self.whole(part.take(), name != "allOf");
            }
        }
    }
}

/// A reference with a description of its own, for which 3.0 needs a composition.
fn described_reference(schema: &Map<String, Value>) -> Option<Value> {
    let [reference, annotations] = schema.get("allOf")?.as_array()?.as_slice() else { return None };
    let name = reference.get("$ref")?;
    let texts = ["description", "title", "deprecated", "readOnly", "writeOnly", "default"];
    let annotations = annotations.as_object()?;
    if !annotations.keys().all(|it| texts.contains(&&**it) || it == "nullable") {
        return None;
    }
    let mut whole = annotations.clone();
    let is_nullable = whole.remove("nullable") == Some(json!(true));
    whole.insert("$ref".to_owned(), name.clone());
    Some(nullable(Value::Object(whole), is_nullable))
}

/// The same or `null`, if it is so.
fn nullable(schema: Value, is_nullable: bool) -> Value {
    let takes_null =
        |it: &Value| it.as_array().is_some_and(|types| types.iter().any(|it| it == "null"));
    if !is_nullable || takes_null(&schema["type"]) || takes_null(&schema["anyOf"]) {
        schema
    } else if schema["type"].is_null() {
        json!({ "anyOf": [schema, { "type": "null" }] })
    } else {
        or_null(schema)
    }
}

/// A limit that is itself excluded, which 3.0 says with a flag.
fn exclusive(schema: &mut Map<String, Value>, (limit, flag): (&str, &str)) {
    if schema.remove(flag) == Some(json!(true))
        && let Some(value) = schema.remove(limit)
    {
        schema.insert(flag.to_owned(), value);
    }
}

/// What 3.0 says with formats: bytes, and what cannot be `null`.
fn formats(schema: &mut Map<String, Value>) {
    match schema.get("format").and_then(Value::as_str) {
        Some("byte" | "bytes" | "base64") => {
            schema.remove("format");
            schema.insert("contentEncoding".to_owned(), json!("base64"));
        }
        Some(NOT_NULL) => {
            schema.remove("format");
        }
        Some("binary") => {
            schema.remove("format");
            schema.insert("contentMediaType".to_owned(), json!("application/octet-stream"));
        }
        _ => {}
    }
}

/// The names of schemas that are composed with others.
fn find_parts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if described_reference(members).is_none() {
                let parts = members.get("allOf").and_then(Value::as_array);
                let names = parts.into_iter().flatten().filter_map(|it| it["$ref"].as_str());
                found.extend(names.filter_map(|it| it.strip_prefix(SCHEMAS)).map(str::to_owned));
            }
            members.values().for_each(|it| find_parts(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| find_parts(it, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_absent_may_be_null() {
        check(
            &json!({
                "type": "object", "required": ["name"],
                "properties": { "name": { "type": "string" }, "email": { "type": "string" } },
            }),
            &json!({
                "type": "object", "required": ["name"], "additionalProperties": false,
                "properties": {
                    "name": { "type": "string" },
                    "email": { "type": ["string", "null"] },
                },
            }),
        );
        check(
            &json!({ "type": "string", "enum": ["a"], "nullable": true }),
            &json!({ "type": ["string", "null"], "enum": ["a", null] }),
        );
        check(&json!({ "type": "string", "nullable": false }), &json!({ "type": "string" }));
    }

    #[test]
    fn what_may_be_absent_and_not_null_says_so() {
        check(
            &json!({
                "type": "object",
                "properties": { "name": { "type": "string", "format": NOT_NULL } },
            }),
            &json!({
                "type": "object", "additionalProperties": false,
                "properties": { "name": { "type": "string" } },
            }),
        );
    }

    #[test]
    fn a_reference_keeps_its_description() {
        let user = json!({ "$ref": "#/components/schemas/User" });
        check(
            &json!({ "allOf": [user, { "description": "Who." }], "description": "Who." }),
            &json!({ "$ref": "#/components/schemas/User", "description": "Who." }),
        );
        check(
            &json!({ "type": "object", "properties": { "user": user } }),
            &json!({
                "type": "object", "additionalProperties": false,
                "properties": { "user": { "anyOf": [user, { "type": "null" }] } },
            }),
        );
    }

    #[test]
    fn a_composition_stays_open() {
        let part = json!({ "type": "object", "properties": {}, "required": ["kind"] });
        let whole = json!({ "allOf": [part, { "$ref": "#/components/schemas/Mail" }] });
        check(&whole, &whole);
        let upgrade = Upgrade::of(&json!({ "Sent": whole }));
        assert_eq!(upgrade.named("Mail", part.clone()), part);
        assert_ne!(upgrade.named("Other", part.clone()), part);
    }

    #[test]
    fn limits_and_examples_are_said_anew() {
        check(
            &json!({ "type": "number", "minimum": 0.0, "exclusiveMinimum": true, "example": 1 }),
            &json!({ "type": "number", "exclusiveMinimum": 0.0, "examples": [1] }),
        );
        check(
            &json!({ "type": "number", "maximum": 9.0, "exclusiveMaximum": false }),
            &json!({ "type": "number", "maximum": 9.0 }),
        );
        check(
            &json!({ "type": "array", "items": { "type": "string", "format": "binary" } }),
            &json!({
                "type": "array",
                "items": { "type": "string", "contentMediaType": "application/octet-stream" },
            }),
        );
    }

    #[track_caller]
    fn check(old: &Value, expected: &Value) {
        let mut schema = old.clone();
        Upgrade::of(old).in_place(&mut schema);
        assert_eq!(schema, *expected);
    }
}
