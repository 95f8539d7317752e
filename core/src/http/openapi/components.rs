//! What the document names once and refers to: schemas, responses, headers, parameters.
//!
//! **Invariant:** a name stands for one thing, and what nothing refers to is not in the document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The kinds of named parts, as the document calls them.
pub(super) const SCHEMAS: &str = "schemas";
pub(super) const RESPONSES: &str = "responses";
pub(super) const HEADERS: &str = "headers";
pub(super) const PARAMETERS: &str = "parameters";
pub(super) const SECURITY_SCHEMES: &str = "securitySchemes";

const FRAMEWORK: &str = "the framework";

/// The named parts so far.
#[derive(Default)]
pub(super) struct Components {
    parts: BTreeMap<(&'static str, String), Part>,
    clashes: Vec<String>,
}

struct Part {
    origin: String,
    content: Value,
}

impl Components {
    /// Adds a part; `origin` says whose it is, for the case that its name is taken.
    pub(super) fn add(
        &mut self,
        kind: &'static str,
        name: impl Into<String>,
        origin: &str,
        content: Value,
    ) {
        let name = name.into();
        if let Some(known) = self.parts.get(&(kind, name.clone())) {
            self.clashes.push(format!(
                "`{name}` among the {kind} is both of {} and of {origin}; rename one",
                known.origin
            ));
            return;
        }
        self.parts.insert((kind, name), Part { origin: origin.to_owned(), content });
    }

    /// Adds a part of the framework's own.
    pub(super) fn add_own(&mut self, kind: &'static str, name: impl Into<String>, content: Value) {
        self.add(kind, name, FRAMEWORK, content);
    }

    /// Adds a schema of the framework's own unless an earlier model has brought it.
    pub(super) fn share(&mut self, name: &str, content: impl FnOnce() -> Value) {
        let known = self.parts.get(&(SCHEMAS, name.to_owned()));
        if known.is_none_or(|it| it.origin != FRAMEWORK) {
            self.add_own(SCHEMAS, name, content());
        }
    }

    /// Names that stand for two things.
    pub(super) fn clashes(&self) -> &[String] {
        &self.clashes
    }

    /// The parts that are referred to from `roots`, straight or through other parts.
    pub(super) fn used_from<'a>(&self, roots: impl IntoIterator<Item = &'a Value>) -> Value {
        let mut used = BTreeSet::new();
        let mut waiting = Vec::new();
        roots.into_iter().for_each(|it| references(it, &mut waiting));
        while let Some(reference) = waiting.pop() {
            let found = self.parts.iter().find(|(key, _)| pointer(key) == reference);
            let Some((key, part)) = found else { continue };
            if used.insert(key) {
                references(&part.content, &mut waiting);
            }
        }
        // Nothing refers to these by a pointer.
        used.extend(self.parts.keys().filter(|(kind, _)| *kind == SECURITY_SCHEMES));
        let mut kinds: Map<String, Value> = Map::new();
        for key @ (kind, name) in used {
            let of_kind = kinds.entry(*kind).or_insert_with(|| Value::Object(Map::new()));
            of_kind[name] = self.parts[key].content.clone();
        }
        Value::Object(kinds)
    }
}

fn pointer((kind, name): &(&'static str, String)) -> String {
    format!("#/components/{kind}/{name}")
}

/// Every `$ref` in a part of the document.
fn references(content: &Value, found: &mut Vec<String>) {
    match content {
        Value::Object(object) => {
            let own = object.get("$ref").and_then(Value::as_str);
            found.extend(own.map(str::to_owned));
            object.values().for_each(|it| references(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, found)),
        _ => {}
    }
}
