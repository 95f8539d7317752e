//! Conditions as oracles: in the query, along paths, in bodies.

use serde_json::json;

use crate::{
    oracle::{Cell, Condition, Field, Kind, Named, Op, Operand, Verb, table},
    probe::{Expect, Probe},
    probers::Ask,
    random::{self, Purpose, cell},
};

/// Every column by a value, by its presence and by the macro of whoever asks.
pub(super) fn parameters(ask: &mut Ask<'_>) {
    for field in ask.of.columns().filter(|it| it.kind != Kind::Moment) {
        let key = field.key;
        let value = value(ask, field);
        let equal = Condition::Compare { key, op: Op::Eq, with: Operand::Cell(value.clone()) };
        let text = plain(&value);
        parameter(ask, &format!("{key}={text}"), &equal);
        parameter(ask, &format!("{key}[ne]={text}"), &equal.not());
        if field.is_optional {
            let absent = Condition::Absent { key, is_absent: true };
            parameter(ask, &format!("{key}[null]=true"), &absent);
        }
        if field.kind == Kind::One("users") {
            let me = Condition::Compare { key, op: Op::Eq, with: Operand::Macro("me") };
            parameter(ask, &format!("{key}=@me"), &me);
        }
    }
}

/// Fields of records behind references: one and two steps away.
pub(super) fn paths(ask: &mut Ask<'_>) {
    for first in ask.of.columns() {
        let Some(target) = first.kind.target().map(table) else { continue };
        let none = Condition::NoRecord { field: first.name, is_none: true };
        if !first.is_fixed {
            path(ask, &format!("{}[null]=true", first.name), &none);
        }
        for field in target.columns().filter(|it| it.kind != Kind::Moment) {
            let value = value(ask, field);
            let text = plain(&value);
            let end = Condition::Compare { key: field.key, op: Op::Eq, with: Operand::Cell(value) };
            let whole = Condition::Behind { field: first.name, inner: Box::new(end) };
            path(ask, &format!("{}.{}={text}", first.name, field.key), &whole);
            path(ask, &format!("{}.{}[ne]={text}", first.name, field.key), &whole.not());
        }
        for second in target.columns().filter(|it| !it.is_fixed) {
            let Some(last) = second.kind.target().map(table) else { continue };
            let name = last.columns().find(|it| it.kind == Kind::Text).expect("all have a text");
            let value = value(ask, name);
            let text = plain(&value);
            let end = Condition::Compare { key: name.key, op: Op::Ne, with: Operand::Cell(value) };
            let inner = Condition::Behind { field: second.name, inner: Box::new(end) };
            let whole = Condition::Behind { field: first.name, inner: Box::new(inner) };
            let way = format!("{}.{}.{}[ne]={text}", first.name, second.name, name.key);
            path(ask, &way, &whole);
        }
    }
}

/// Filters of any shape in a body.
pub(super) fn searches(ask: &mut Ask<'_>) {
    let mut from = ask.from.fork();
    let to = Purpose { is_rule: false, without: &[], people: ask.people, facts: ask.facts() };
    let filters: Vec<Condition> = (0..8)
        .map(|_| {
            let levels = from.below(4);
            random::filter(&mut from, ask.of, levels, to)
        })
        .collect();
    for filter in filters {
        let named = Named::default().model(&ask.eyes, ask.of, Verb::Read);
        let ids = ask.eyes.found(ask.of, &filter);
        let expect = match named.filter(&ask.eyes, ask.of, &filter).refusal() {
            Some(it) => Expect::refusal(it),
            None => ask.rows(&ids, &["id"], Some(ids.len())),
        };
        let body = json!({
            "filter": filter.json(), "fields": ["id"], "sort": ["id"], "limit": 1000,
            "count": "exact",
        });
        ask.probes.push(Probe::post("search", format!("/{}/search", ask.of.name), body, expect));
    }
}

fn parameter(ask: &mut Ask<'_>, query: &str, means: &Condition) {
    probe(ask, ("filter by parameter", query), means);
}

fn path(ask: &mut Ask<'_>, query: &str, means: &Condition) {
    probe(ask, ("filter by path", query), means);
}

fn probe(ask: &mut Ask<'_>, (prober, query): (&'static str, &str), means: &Condition) {
    let named = Named::default().filter(&ask.eyes, ask.of, means);
    let ids = ask.eyes.found(ask.of, means);
    let answer = ask.rows(&ids, &["id"], Some(ids.len()));
    let path = format!("?{query}&sort=id&fields=id&limit=1000&count=exact");
    ask.read(prober, &path, named, answer);
}

/// A value that some row has, as far as any has one.
fn value(ask: &mut Ask<'_>, field: &Field) -> Cell {
    if field.name == "id" || field.name == "version" {
        let ids = ask.facts().ids(ask.of.name);
        return Cell::Int(ids.get(2).copied().unwrap_or(1));
    }
    (0..20)
        .map(|_| cell(&mut ask.from, ask.people, ask.eyes.facts, field))
        .find(|it| *it != Cell::Absent)
        .unwrap_or(Cell::Int(1))
}

fn plain(cell: &Cell) -> String {
    match cell.json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
