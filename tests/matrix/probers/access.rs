//! Why one may or may not: said to administrators, and never otherwise than the other paths do.

use serde_json::{Value, json};

use crate::{
    oracle::Verb,
    probe::{Expect, Probe},
    probers::Ask,
};

/// What an administrator is told of themselves; nobody else is told anything.
pub(super) fn of_oneself(ask: &mut Ask<'_>) {
    let ids = ask.facts().ids(ask.of.name);
    for id in ids.into_iter().chain([i64::MAX]) {
        let path = format!("/{}/{id}/access?user_id={}", ask.of.name, ask.who().id);
        let may = |verb| ask.eyes.may(ask.of, verb, id);
        let expect = if !ask.who().is_admin {
            Expect::denied()
        } else if !may(Verb::Read) {
            Expect::missing()
        } else {
            let part = |it: &Value| {
                json!([it["read"]["allowed"], it["update"]["allowed"], it["delete"]["allowed"]])
            };
            let is = json!([true, may(Verb::Update), may(Verb::Delete)]);
            Expect::Part { part, is }
        };
        ask.probes.push(Probe::get("access", path, expect));
    }
}
