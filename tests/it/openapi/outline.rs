//! The document without its words, a line a thing: what a person looks at when the API changes.

use std::fmt::Write;

use serde_json::Value;

use crate::openapi::operations;

/// Operations by path, then named schemas.
pub(crate) fn of(document: &Value) -> String {
    let mut text = String::new();
    for (place, _, operation) in operations(document) {
        write_operation(&mut text, &place, operation);
    }
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        write_schema(&mut text, name, schema);
    }
    text
}

fn write_operation(text: &mut String, place: &str, operation: &Value) {
    let name = operation["operationId"].as_str().unwrap_or_default();
    let open = if operation["security"] == Value::Array(Vec::new()) { ", open to all" } else { "" };
    writeln!(text, "{place}  {name}{open}").unwrap();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        match parameter["name"].as_str() {
            Some(name) => writeln!(text, "    {name}: {}", shape(&parameter["schema"])).unwrap(),
            None => writeln!(text, "    {}", shape(parameter)).unwrap(),
        }
    }
    for media in members(&operation["requestBody"]["content"]) {
        writeln!(text, "    body {}", shape(&media.1["schema"])).unwrap();
    }
    for (status, response) in members(&operation["responses"]) {
        let content = members(&response["content"]).map(|(_, it)| shape(&it["schema"])).next();
        let content = content.unwrap_or_else(|| match response["$ref"].is_null() {
            true => "empty".to_owned(),
            false => shape(response),
        });
        writeln!(text, "    {status} {content}").unwrap();
    }
}

fn write_schema(text: &mut String, name: &str, schema: &Value) {
    let Some(properties) = schema["properties"].as_object() else {
        writeln!(text, "{name}  {}", shape(schema)).unwrap();
        return;
    };
    writeln!(text, "{name}").unwrap();
    let required = schema["required"].as_array();
    for (key, property) in properties {
        let must_be = required.is_some_and(|it| it.iter().any(|it| it == key.as_str()));
        let mark = if must_be { "!" } else { "" };
        writeln!(text, "    {key}{mark}: {}", shape(property)).unwrap();
    }
}

/// A schema on one line: the name of what it refers to, or its JSON without titles and
/// descriptions.
fn shape(schema: &Value) -> String {
    match schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        Some(name) => name.to_owned(),
        None => without_words(schema).to_string(),
    }
}

fn without_words(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let is_word =
                |name: &str, it: &Value| matches!(name, "title" | "description") && it.is_string();
            let kept = members.iter().filter(|(name, it)| !is_word(name, it));
            kept.map(|(name, it)| (name.clone(), without_words(it))).collect()
        }
        Value::Array(items) => items.iter().map(without_words).collect(),
        other => other.clone(),
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
