//! The document while it is made: paths, tags, named parts, and what is wrong with them.

use std::collections::{BTreeMap, HashMap};

use http::Method;
use serde_json::{Map, Value, json};

use crate::{
    Error, Result,
    http::openapi::components::{Components, SECURITY_SCHEMES},
};

/// The name of the one way to sign in.
pub(super) const BEARER: &str = "bearer";

/// The document so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) components: Components,
    paths: BTreeMap<String, Map<String, Value>>,
    tags: BTreeMap<String, Value>,
    /// Where each operation id stands.
    places: HashMap<String, String>,
    faults: Vec<String>,
}

impl Draft {
    /// Adds a group of operations; the first of one name stays.
    pub(super) fn tag(&mut self, name: &str, description: &str) {
        let mut tag = json!({ "name": name });
        if !description.is_empty() {
            tag["description"] = json!(description);
        }
        self.tags.entry(name.to_owned()).or_insert(tag);
    }

    /// Adds an operation at its whole path. Of two with one path and method the first stays: the
    /// table of routes refuses such pairs and names both.
    pub(super) fn operation(&mut self, path: &str, method: &Method, operation: Value) {
        let place = format!("{method} {path}");
        if !self.paths.contains_key(path) {
            self.check_names(path);
        }
        let methods = self.paths.entry(path.to_owned()).or_default();
        let method = method.as_str().to_lowercase();
        if methods.contains_key(&method) {
            return;
        }
        if let Some(id) = operation["operationId"].as_str()
            && let Some(other) = self.places.insert(id.to_owned(), place.clone())
        {
            self.faults.push(format!(
                "the operation id `{id}` stands for {other} and for {place}; rename one"
            ));
        }
        methods.insert(method, operation);
    }

    /// The document.
    ///
    /// # Errors
    /// When a name stands for two things: all such names.
    pub(super) fn finish(mut self, info: &Value) -> Result<Value> {
        let scheme = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
        self.components.add_own(SECURITY_SCHEMES, BEARER, scheme);
        self.faults.extend_from_slice(self.components.clashes());
        if !self.faults.is_empty() {
            let faults = self.faults.join("; ");
            return Err(Error::broken(format!("the API cannot be described: {faults}")));
        }
        let operations = self.paths.values().flat_map(Map::values);
        let components = self.components.used_from(operations);
        let mut document = json!({
            "openapi": "3.1.0",
            "info": info,
            "servers": [{ "url": "/" }],
            "security": [{ BEARER: [] }],
            "tags": self.tags.into_values().collect::<Vec<_>>(),
            "paths": self.paths,
            "components": components,
        });
        // A feature of serde_json that any crate may turn on keeps the order of insertion.
        document.sort_all_objects();
        Ok(document)
    }

    /// Paths that differ only in the name of a parameter are one path, which has one name for it.
    fn check_names(&mut self, path: &str) {
        let same = |it: &&String| nameless(it) == nameless(path);
        if let Some(other) = self.paths.keys().find(same) {
            self.faults.push(format!(
                "{path} and {other} are one path; give its parameters the same names in both"
            ));
        }
    }
}

fn nameless(path: &str) -> Vec<&str> {
    path.split('/').map(|it| if it.starts_with('{') { "{}" } else { it }).collect()
}
