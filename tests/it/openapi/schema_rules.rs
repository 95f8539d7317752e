//! What JSON Schema (2020-12) demands of the schemas of a document, as far as ours go.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// Everything that is wrong with the schemas of a document, with its place.
pub(crate) fn faults(document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        judge(schema, name, &mut faults);
    }
    find(document, "", &mut faults);
    faults
}

/// Judges the schemas that stand in parameters, headers and bodies.
fn find(part: &Value, place: &str, faults: &mut Vec<String>) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                let place = format!("{place}/{name}");
                match name.as_str() {
                    "schemas" => {}
                    "schema" => judge(member, &place, faults),
                    _ => find(member, &place, faults),
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                find(item, &format!("{place}/{at}"), faults);
            }
        }
        _ => {}
    }
}

fn judge(schema: &Value, place: &str, faults: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        if !schema.is_boolean() {
            faults.push(format!("{place}: neither an object nor a boolean"));
        }
        return;
    };
    for (keyword, value) in keywords {
        if !is_sound(keyword, value) {
            faults.push(format!("{place}: {keyword} cannot be {value}"));
        }
    }
    for (one, other) in
        [("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")]
    {
        let bounds = [one, other].map(|it| keywords.get(it).and_then(Value::as_f64));
        if let [Some(least), Some(most)] = bounds
            && least > most
        {
            faults.push(format!("{place}: {one} {least} is above {other} {most}"));
        }
    }
    faults.extend(missing(keywords).map(|it| format!("{place}: {it} is required, and not there")));
    for (name, part) in parts(keywords) {
        judge(part, &format!("{place}.{name}"), faults);
    }
}

/// Whether a keyword is known, and its value of the kind that it takes.
fn is_sound(keyword: &str, value: &Value) -> bool {
    match keyword {
        "type" => match value {
            Value::Array(types) => is_set(value) && types.iter().all(is_type),
            single => is_type(single),
        },
        "enum" | "required" => is_set(value),
        "examples" | "anyOf" | "oneOf" | "allOf" => {
            value.as_array().is_some_and(|it| !it.is_empty())
        }
        "title" | "description" | "format" | "pattern" | "contentEncoding" | "contentMediaType"
        | "$ref" => value.is_string(),
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => value.is_number(),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" => value.is_u64(),
        "readOnly" | "writeOnly" | "uniqueItems" | "deprecated" => value.is_boolean(),
        "properties" | "dependentRequired" | "discriminator" => value.is_object(),
        "items" | "additionalProperties" => value.is_object() || value.is_boolean(),
        "default" => true,
        _ => false,
    }
}

fn is_type(value: &Value) -> bool {
    value.as_str().is_some_and(|it| TYPES.contains(&it))
}

/// A list of different values, at least one.
fn is_set(value: &Value) -> bool {
    let Some(items) = value.as_array() else { return false };
    let different: BTreeSet<_> = items.iter().map(Value::to_string).collect();
    !items.is_empty() && different.len() == items.len()
}

/// What must be there and is no property, where there are no others.
fn missing(keywords: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let is_closed = keywords.get("additionalProperties") == Some(&Value::Bool(false));
    let required = keywords.get("required").and_then(Value::as_array).into_iter().flatten();
    let names = required.filter_map(Value::as_str);
    names.filter(move |it| is_closed && keywords["properties"].get(it).is_none())
}

/// The schemas inside a schema, by the name of their place.
fn parts(keywords: &Map<String, Value>) -> Vec<(String, &Value)> {
    let mut parts = Vec::new();
    let properties = keywords.get("properties").and_then(Value::as_object);
    parts.extend(properties.into_iter().flatten().map(|(name, it)| (name.clone(), it)));
    for name in ["items", "additionalProperties"] {
        parts.extend(keywords.get(name).map(|it| (name.to_owned(), it)));
    }
    for name in ["anyOf", "oneOf", "allOf"] {
        let list = keywords.get(name).and_then(Value::as_array).into_iter().flatten();
        parts.extend(list.enumerate().map(|(at, it)| (format!("{name}{at}"), it)));
    }
    parts
}
