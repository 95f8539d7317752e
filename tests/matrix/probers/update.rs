//! Changes of a record, of its links, and of the record that it is a part of.

use serde_json::{Value, json};

use crate::{
    oracle::{Cell, Facts, Field, Kind, Verb, table},
    probe::{Expect, shown},
    probers::{
        Ask,
        write::{self, Values, Write},
    },
};

pub(super) fn record(ask: &mut Ask<'_>) {
    let id = ask.some_id(Verb::Update);
    let values = ask.values(30);
    update(ask, "update", id, &values);
}

/// To another record to be a part of, or to point at.
pub(super) fn moves(ask: &mut Ask<'_>) {
    let id = ask.some_id(Verb::Update);
    let is_reference = |it: &&'static Field| matches!(it.kind, Kind::One(_)) && !it.is_fixed;
    let Some(field) = ask.of.columns().find(is_reference) else { return };
    let targets = ask.facts().ids(field.kind.target().expect("a reference leads on"));
    if targets.is_empty() {
        return;
    }
    let value = Cell::Int(*ask.from.one(&targets));
    update(ask, "move", id, &vec![(field, value)]);
}

fn update(ask: &mut Ask<'_>, prober: &'static str, id: i64, values: &Values) {
    let write = Write {
        prober,
        method: "PATCH",
        path: format!("/{}/{id}", ask.of.name),
        body: Some(Value::Object(write::body(values))),
    };
    let fields: Vec<&Field> = values.iter().map(|it| it.0).collect();
    let outcome = match refusal(ask, id, &fields) {
        Some(refused) => (refused, None),
        None if ask.is_lost(values, Some(id)) => (Expect::lost(), None),
        None => {
            let mut after = ask.facts().clone();
            for (field, cell) in values {
                after.set(ask.of.name, id, field.key, cell.clone());
            }
            let is_put = values.iter().any(|it| Some(it.0.key) == ask.of.part_of.map(|it| it.0));
            changed(ask, (id, is_put), after)
        }
    };
    ask.write(write, outcome);
}

/// Links that come and go.
pub(super) fn links(ask: &mut Ask<'_>) {
    let Some(field) = write::linking(ask.of) else { return };
    let id = ask.some_id(Verb::Update);
    let target = table(field.kind.target().expect("links lead on"));
    let seen = ask.eyes.visible(target);
    let all = ask.facts().ids(target.name);
    let wanted = if ask.from.percent(75) { &seen } else { &all };
    let add = ask.from.some(wanted, 30);
    let sets = ask.from.percent(40);
    let remove = if sets { Vec::new() } else { ask.from.some(&all, 30) };
    let change = match sets {
        true => json!({ "set": add }),
        false => json!({ "add": add, "remove": remove }),
    };
    let write = Write {
        prober: "link",
        method: "PATCH",
        path: format!("/{}/{id}", ask.of.name),
        body: Some(json!({ field.key: change })),
    };
    let outcome = match refusal(ask, id, &[field]) {
        Some(refused) => (refused, None),
        None if add.iter().any(|it| !seen.contains(it)) => (Expect::lost(), None),
        None => {
            let mut after = ask.facts().clone();
            let goes = |end: &i64| (sets || remove.contains(end)) && seen.contains(end);
            for end in all.iter().filter(|it| goes(it) && !add.contains(it)) {
                after.tagged.remove(&write::link(field, id, *end));
            }
            after.tagged.extend(add.iter().map(|it| write::link(field, id, *it)));
            changed(ask, (id, false), after)
        }
    };
    ask.write(write, outcome);
}

fn refusal(ask: &Ask<'_>, id: i64, fields: &[&Field]) -> Option<Expect> {
    ask.refused(&[Verb::Read, Verb::Update], fields).or_else(|| ask.kept(id, Verb::Update))
}

/// A change that changes nothing is none.
fn changed(ask: &Ask<'_>, (id, is_put): (i64, bool), mut after: Facts) -> (Expect, Option<Facts>) {
    if after == *ask.facts() {
        let record = shown(&ask.eyes, ask.of, id, &ask.usual());
        return (Expect::Record { status: 200, record }, None);
    }
    after.raise(ask.of.name, id);
    write::touch(ask.of, id, ask.facts(), &mut after);
    ask.outcome((id, Verb::Update, is_put), after)
}
