//! What is said of models: their fields, what new records start with, which there are.

use serde_json::{Map, Value, json};

use crate::{
    oracle::{Eyes, Table, Verb, WORLD, table},
    probe::{Expect, Probe},
    probers::Ask,
};

pub(super) fn schema(ask: &mut Ask<'_>) {
    let (eyes, of) = (&ask.eyes, ask.of);
    let path = format!("/{}/schema", of.name);
    if !eyes.rights.grants_any(eyes.who, of) {
        ask.probes.push(Probe::get("schema", path, Expect::denied()));
        return;
    }
    let mut fields = Map::new();
    for field in of.fields {
        let target = field.kind.target().map(table).filter(|_| field.kind.is_to_many());
        let is_behind = target.is_some_and(|it| !eyes.rights.allows(eyes.who, it, Verb::Read));
        let read = eyes.rights.reads(eyes.who, of, field) && !is_behind;
        let write = eyes.rights.writes(eyes.who, of, field);
        if read || write {
            fields.insert(field.key.to_owned(), json!({ "read": read, "write": write }));
        }
    }
    let is = json!({ "can": can(eyes, of), "fields": fields });
    let part = |it: &Value| {
        let fields = it["fields"].as_array().into_iter().flatten();
        let field = |it: &Value| Some((it["key"].as_str()?.to_owned(), it["can"].clone()));
        json!({ "can": it["can"], "fields": fields.filter_map(field).collect::<Map<_, _>>() })
    };
    ask.probes.push(Probe::get("schema", path, Expect::Part { part, is }));
}

pub(super) fn defaults(ask: &mut Ask<'_>) {
    let (eyes, of) = (&ask.eyes, ask.of);
    let path = format!("/{}/defaults", of.name);
    let expect = match eyes.rights.allows(eyes.who, of, Verb::Create) {
        false => Expect::denied(),
        true => {
            let open = of.columns().filter(|it| it.has_default);
            let open = open.filter(|it| eyes.rights.reads(eyes.who, of, it));
            let is = open.map(|it| (it.key.to_owned(), json!(true))).collect();
            Expect::Part { part: Value::clone, is: Value::Object(is) }
        }
    };
    ask.probes.push(Probe::get("defaults", path, expect));
}

/// The list of models, as far as they are ours.
pub(crate) fn models(eyes: &Eyes<'_>) -> Probe {
    let readable = WORLD.map(table).into_iter();
    let readable = readable.filter(|it| eyes.rights.allows(eyes.who, it, Verb::Read));
    let is: Map<String, Value> = readable.map(|it| (it.name.to_owned(), can(eyes, it))).collect();
    let part = |it: &Value| {
        let models = it["data"].as_array().into_iter().flatten();
        let model = |it: &Value| Some((it["model"].as_str()?.to_owned(), it["can"].clone()));
        let ours = models.filter_map(model).filter(|it| WORLD.contains(&&*it.0));
        Value::Object(ours.collect())
    };
    Probe::get("models", "/models", Expect::Part { part, is: Value::Object(is) })
}

fn can(eyes: &Eyes<'_>, of: &Table) -> Value {
    let verbs = Verb::ALL.into_iter();
    let can = |it: Verb| (it.name().to_owned(), json!(eyes.rights.allows(eyes.who, of, it)));
    Value::Object(verbs.map(can).collect())
}
