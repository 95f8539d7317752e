//! The routes that modules write themselves, taken over from poem-openapi's document.

use http::Method;
use serde_json::{Map, Value, json};

use crate::{
    Error, Result,
    http::{
        API_PREFIX,
        openapi::{
            components::{SCHEMAS, SECURITY_SCHEMES},
            draft::{BEARER, Draft},
            registered::is_stand_in,
            responses::header_refs,
            upgrade::Upgrade,
        },
    },
};

const ORIGIN: &str = "a type of a module's routes";

/// Adds the operations of an OpenAPI 3.0 document and the schemas that they name.
///
/// # Errors
/// When it is no JSON, which is a fault of ours.
pub(super) fn describe(to: &mut Draft, document: &str) -> Result<()> {
    let document: Map<String, Value> = serde_json::from_str(document)
        .map_err(|fault| Error::broken(format!("the modules' routes are no JSON: {fault}")))?;
    let part = |name: &str| document.get(name).cloned().unwrap_or_default();
    let components = part("components");
    let upgrade = Upgrade::of(&components["schemas"]);
    for (name, schema) in object(components["schemas"].clone()) {
        if !is_stand_in(&schema) {
            to.components.add(SCHEMAS, &name, ORIGIN, upgrade.named(&name, schema));
        }
    }
    for (name, scheme) in object(components["securitySchemes"].clone()) {
        if name != BEARER {
            to.components.add(SECURITY_SCHEMES, name, ORIGIN, scheme);
        }
    }
    for tag in part("tags").as_array().into_iter().flatten() {
        let text = |name: &str| tag[name].as_str().unwrap_or_default();
        to.tag(text("name"), text("description"));
    }
    for (path, methods) in object(part("paths")) {
        for (name, operation) in object(methods) {
            let method = Method::from_bytes(name.to_uppercase().as_bytes());
            let method = method.map_err(|_| Error::broken(format!("no method: {name} {path}")))?;
            let operation = self::operation(operation, (&path, &name), &upgrade);
            for tag in operation["tags"].as_array().into_iter().flatten() {
                to.tag(tag.as_str().unwrap_or_default(), "");
            }
            to.operation(&path, &method, operation);
        }
    }
    Ok(())
}

/// One operation, with what poem-openapi leaves to chance: a name, a group, who may call it.
fn operation(mut operation: Value, (path, method): (&str, &str), upgrade: &Upgrade) -> Value {
    let below = path.strip_prefix(API_PREFIX).unwrap_or(path);
    let words = || below.split(['/', '{', '}']).filter(|it| !it.is_empty());
    if operation["operationId"].is_null() {
        let words: Vec<_> = [method].into_iter().chain(words()).collect();
        operation["operationId"] = json!(words.join("_"));
    }
    if operation["tags"].is_null() {
        operation["tags"] = words().take(1).collect();
    }
    // A route that takes nobody in particular says nothing, which here means everybody.
    if operation["security"].is_null() {
        operation["security"] = json!([]);
    }
    for parameter in list(&mut operation["parameters"]) {
        upgrade.in_place(&mut parameter["schema"]);
    }
    contents(&mut operation["requestBody"], upgrade);
    for response in members(&mut operation["responses"]) {
        if response["description"] == "" {
            response["description"] = json!("What was asked for.");
        }
        contents(response, upgrade);
        for header in members(&mut response["headers"]) {
            upgrade.in_place(&mut header["schema"]);
        }
        let mut headers = object(header_refs(&[]));
        headers.append(&mut object(response["headers"].take()));
        response["headers"] = Value::Object(headers);
    }
    without_null(operation)
}

/// The schemas of each type that a body can have, and that type without its character set.
fn contents(body: &mut Value, upgrade: &Upgrade) {
    if body["content"].is_null() {
        return;
    }
    let mut contents = Map::new();
    for (name, mut media) in object(body["content"].take()) {
        upgrade.in_place(&mut media["schema"]);
        let name = name.split(';').next().unwrap_or_default().trim().to_owned();
        contents.insert(name, media);
    }
    body["content"] = Value::Object(contents);
}

/// Looking for a member that is not there leaves a `null` behind.
fn without_null(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let present = members.into_iter().filter(|(_, it)| !it.is_null());
            present.map(|(name, it)| (name, without_null(it))).collect()
        }
        other => other,
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn members(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flat_map(Map::values_mut)
}

fn list(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_array_mut().into_iter().flatten()
}
