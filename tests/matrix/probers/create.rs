//! New records: what they hold, what they point at, and whether they may be made.

use serde_json::{Value, json};

use crate::{
    oracle::{Cell, Facts, Field, Verb, table},
    probe::Expect,
    probers::{
        Ask,
        write::{self, Values, Write},
    },
};

pub(super) fn record(ask: &mut Ask<'_>) {
    let values = new(ask);
    create(ask, ("create", &values), None);
}

/// The same with links from the start.
pub(super) fn linked(ask: &mut Ask<'_>) {
    let Some(field) = write::linking(ask.of) else { return };
    let values = new(ask);
    let target = table(field.kind.target().expect("links lead on"));
    let seen = ask.eyes.visible(target);
    let of = if ask.from.percent(70) { seen } else { ask.facts().ids(target.name) };
    let ids = ask.from.some(&of, 40);
    create(ask, ("create with links", &values), Some(&(field, ids)));
}

/// Values for a new record: what is required, and some of the rest.
pub(super) fn new(ask: &mut Ask<'_>) -> Values {
    let mut values = ask.values(45);
    let is_missing = |it: &&'static Field| !it.is_optional && !it.is_fixed && !it.has_default;
    for field in ask.of.columns().filter(is_missing) {
        if !values.iter().any(|it| it.0.key == field.key) {
            let value = ask.value(field);
            values.push((field, value));
        }
    }
    values
}

fn create(
    ask: &mut Ask<'_>,
    (prober, values): (&'static str, &Values),
    links: Option<&(&'static Field, Vec<i64>)>,
) {
    let mut body = write::body(values);
    let mut fields: Vec<&Field> = values.iter().map(|it| it.0).collect();
    if let Some((field, ids)) = links {
        fields.push(field);
        body.insert(field.key.to_owned(), json!({ "set": ids }));
    }
    let write = Write {
        prober,
        method: "POST",
        path: format!("/{}", ask.of.name),
        body: Some(Value::Object(body)),
    };
    let is_end_lost = links.is_some_and(|(field, ids)| {
        let target = table(field.kind.target().expect("links lead on"));
        ids.iter().any(|it| !ask.eyes.may(target, Verb::Read, *it))
    });
    let outcome = match ask.refused(&[Verb::Create], &fields) {
        Some(refused) => (refused, None),
        None if is_end_lost || ask.is_lost(values, None) => (Expect::lost(), None),
        None => made(ask, values, links),
    };
    ask.write(write, outcome);
}

fn made(
    ask: &Ask<'_>,
    values: &Values,
    links: Option<&(&'static Field, Vec<i64>)>,
) -> (Expect, Option<Facts>) {
    let (of, id) = (ask.of, ask.next_id);
    let mut after = ask.facts().clone();
    put(ask, (id, values), &mut after);
    if let Some((field, ids)) = links {
        after.tagged.extend(ids.iter().map(|it| write::link(field, id, *it)));
    }
    write::touch(of, id, ask.facts(), &mut after);
    ask.outcome((id, Verb::Create, true), after)
}

/// Puts a new row among the others.
pub(super) fn put(ask: &Ask<'_>, (id, values): (i64, &Values), after: &mut Facts) {
    let comparable = |it: &&Field| !matches!(it.name, "created_at" | "updated_at" | "updated_by");
    for field in ask.of.columns().filter(comparable) {
        let given = values.iter().find(|it| it.0.key == field.key).map(|it| it.1.clone());
        let cell = match field.name {
            "id" => Cell::Int(id),
            "version" => Cell::Int(1),
            "created_by" => Cell::Int(ask.who().id),
            _ if field.has_default => given.unwrap_or(Cell::Bool(true)),
            _ => given.unwrap_or(Cell::Absent),
        };
        after.set(ask.of.name, id, field.key, cell);
    }
}
