//! All records that pass a filter, changed or deleted at once: every one of them, or none.

use serde_json::{Value, json};

use crate::{
    oracle::{Condition, Eyes, Facts, Field, Named, Verb, table},
    probe::Expect,
    probers::{
        Ask, delete,
        write::{self, Values, Write},
    },
    random::{self, Purpose},
};

pub(super) fn update(ask: &mut Ask<'_>) {
    let filter = filter(ask);
    let mut values = ask.values(20);
    values.truncate(2);
    if values.is_empty() {
        let field = ask.of.columns().find(|it| !it.is_fixed).expect("there is one to write");
        let value = ask.value(field);
        values.push((field, value));
    }
    let body = json!({
        "filter": filter.json(), "data": Value::Object(write::body(&values)),
        "max_affected": 1000,
    });
    let fields: Vec<&Field> = values.iter().map(|it| it.0).collect();
    let outcome = match refusal(ask, Verb::Update, &filter, &fields) {
        Some(refused) => (refused, None),
        None => updated(ask, &filter, &values),
    };
    send(ask, "update_where", body, outcome);
}

pub(super) fn delete(ask: &mut Ask<'_>) {
    let filter = filter(ask);
    let body = json!({ "filter": filter.json(), "max_affected": 1000 });
    let outcome = match refusal(ask, Verb::Delete, &filter, &[]) {
        Some(refused) => (refused, None),
        None => {
            let ids = open(ask, Verb::Delete, &filter);
            match delete::deleted(ask, &ids) {
                (Expect::Bare { .. }, after) => (affected(ids.len()), after),
                refused => refused,
            }
        }
    };
    send(ask, "delete_where", body, outcome);
}

/// A few known records, or whatever passes a filter of any shape.
fn filter(ask: &mut Ask<'_>) -> Condition {
    let mut from = ask.from.fork();
    let to = Purpose { is_rule: false, without: &[], people: ask.people, facts: ask.facts() };
    let levels = from.below(3);
    let any = random::filter(&mut from, ask.of, levels, to);
    let known = from.some(&ask.facts().ids(ask.of.name), 25);
    let known = known.into_iter().map(crate::oracle::Cell::Int).collect();
    let with = crate::oracle::Operand::Cells(known);
    let known = Condition::Compare { key: "id", op: crate::oracle::Op::In, with };
    if from.percent(60) { known } else { Condition::All(vec![any, known]) }
}

fn refusal(ask: &Ask<'_>, verb: Verb, filter: &Condition, fields: &[&Field]) -> Option<Expect> {
    let named = Named::default().model(&ask.eyes, ask.of, Verb::Read);
    let named = named.model(&ask.eyes, ask.of, verb).filter(&ask.eyes, ask.of, filter);
    let named = fields.iter().fold(named, |it, field| it.written(&ask.eyes, ask.of, field));
    named.refusal().map(Expect::refusal)
}

/// The records that pass and that may be read and written.
fn open(ask: &Ask<'_>, verb: Verb, filter: &Condition) -> Vec<i64> {
    let mut ids = ask.eyes.found(ask.of, filter);
    ids.retain(|it| ask.eyes.may(ask.of, verb, *it));
    ids
}

fn updated(ask: &Ask<'_>, filter: &Condition, values: &Values) -> (Expect, Option<Facts>) {
    let of = ask.of;
    let mut ids = open(ask, Verb::Update, filter);
    let differs = |id: i64| {
        values.iter().any(|(field, cell)| ask.facts().cell(of.name, Some(id), field.key) != *cell)
    };
    ids.retain(|it| differs(*it));
    if ids.is_empty() {
        return (affected(0), None);
    }
    if ask.is_lost(values, None) {
        return (Expect::lost(), None);
    }
    let mut after = ask.facts().clone();
    let mut touched = Vec::new();
    for id in &ids {
        for (field, cell) in values {
            after.set(of.name, *id, field.key, cell.clone());
        }
        after.raise(of.name, *id);
        touched.extend(write::wholes(of, *id, [ask.facts(), &after]));
    }
    touched.sort_unstable();
    touched.dedup();
    if let Some((_, whole)) = of.part_of {
        touched.iter().for_each(|it| after.raise(whole, *it));
    }
    let then = Eyes { facts: &after, ..ask.eyes };
    let is_whole_open = |it: &i64| {
        let whole = table(of.part_of.expect("it has wholes").1);
        [&ask.eyes, &then].iter().all(|eyes| eyes.may(whole, Verb::Update, *it))
    };
    let is_put = values.iter().any(|it| Some(it.0.key) == of.part_of.map(|it| it.0));
    let is_open =
        |it: &i64| then.may(of, Verb::Update, *it) && (!is_put || then.may(of, Verb::Read, *it));
    if !ids.iter().all(is_open) || !touched.iter().all(is_whole_open) {
        return (Expect::denied(), None);
    }
    (affected(ids.len()), Some(after))
}

fn affected(count: usize) -> Expect {
    Expect::Part { part: Value::clone, is: json!({ "affected": count }) }
}

fn send(ask: &mut Ask<'_>, prober: &'static str, body: Value, outcome: (Expect, Option<Facts>)) {
    let path = format!("/{}/{prober}", ask.of.name);
    ask.write(Write { prober, method: "POST", path, body: Some(body) }, outcome);
}
