//! Forms that are being filled in: nothing follows from them in this world, and nobody learns from
//! them whether there is a record that they may not see.

use serde_json::{Value, json};

use crate::{
    oracle::{Field, Verb},
    probe::{Expect, Probe},
    probers::{Ask, write},
};

pub(super) fn form(ask: &mut Ask<'_>) {
    let values = ask.values(45);
    let fields: Vec<&Field> = values.iter().map(|it| it.0).collect();
    let may_create = ask.rights().allows(ask.who(), ask.of, Verb::Create);
    let verb = if may_create { Verb::Create } else { Verb::Update };
    let expect = match ask.refused(&[verb], &fields) {
        Some(refused) => refused,
        None if ask.is_lost(&values, None) => Expect::lost(),
        None => Expect::Part { part: Value::clone, is: json!({ "record": {}, "warnings": [] }) },
    };
    let body = json!({ "record": write::body(&values) });
    let path = format!("/{}/onchange", ask.of.name);
    ask.probes.push(Probe::post("onchange", path, body, expect));
}
