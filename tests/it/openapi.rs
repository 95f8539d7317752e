//! The OpenAPI document of the whole installation: sound, complete, and as somebody last saw it.

mod outline;
mod schema_rules;

use std::collections::{BTreeSet, HashSet};

use expect_test::expect_file;
use serde_json::Value;

use crate::process::fresh_home;

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    gather_references(&document, &mut references);
    assert!(!references.is_empty());
    let leads_nowhere = |it: &String| document.pointer(it.trim_start_matches('#')).is_none();
    let lost: Vec<_> = references.into_iter().filter(leads_nowhere).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let document = document();
    let mut names = HashSet::new();
    for (place, _, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap_or_else(|| panic!("{place}: no name"));
        assert!(names.insert(name), "{place}: another operation is called {name}");
    }
}

#[test]
fn every_parameter_is_declared_once_and_those_of_a_path_are_required() {
    let document = document();
    for (place, path, operation) in operations(&document) {
        let mut declared = BTreeSet::new();
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let parameter = resolve(&document, parameter);
            let [name, at] = ["name", "in"].map(|it| parameter[it].as_str().unwrap());
            assert!(declared.insert((at, name)), "{place}: {name} is declared twice");
            assert!(at != "path" || parameter["required"] == true, "{place}: {name}");
        }
        let in_path = declared.iter().filter(|(at, _)| *at == "path").map(|(_, name)| *name);
        let named: BTreeSet<_> =
            path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}')).collect();
        assert_eq!(in_path.collect::<BTreeSet<_>>(), named, "{place}");
    }
}

#[test]
fn every_schema_is_one_of_json_schema() {
    let faults = schema_rules::faults(&document());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let routes = output_of("routes");
    let of_the_api = routes.lines().filter_map(|line| {
        let (method, path) = line.split_once(' ')?;
        path.trim().starts_with("/api/v1/").then(|| format!("{method} {}", path.trim()))
    });
    let document = document();
    let described: BTreeSet<_> = operations(&document).map(|(place, ..)| place).collect();
    assert_eq!(of_the_api.collect::<BTreeSet<_>>(), described);
}

#[test]
fn the_document_is_as_it_was_last_seen() {
    expect_file!["openapi/outline.txt"].assert_eq(&outline::of(&document()));
}

fn document() -> Value {
    serde_json::from_str(&output_of("openapi")).unwrap()
}

/// What a command of the program prints.
fn output_of(command: &str) -> String {
    let home = fresh_home();
    let output = home.command(&[command]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Every operation with its path, and its place for people: `GET /api/v1/products`.
fn operations(document: &Value) -> impl Iterator<Item = (String, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        let of_path = methods.as_object().unwrap().iter();
        of_path.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), path.as_str(), operation)
        })
    })
}

/// What a reference leads to; what is none, itself.
fn resolve<'a>(document: &'a Value, part: &'a Value) -> &'a Value {
    match part["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => part,
    }
}

fn gather_references(part: &Value, found: &mut Vec<String>) {
    match part {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|it| gather_references(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| gather_references(it, found)),
        _ => {}
    }
}
