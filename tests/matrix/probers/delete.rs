//! Records that go, and those that others keep.

use crate::{
    oracle::{Cell, Eyes, Facts, Verb, table},
    probe::Expect,
    probers::{
        Ask,
        write::{self, Write},
    },
};

pub(super) fn record(ask: &mut Ask<'_>) {
    let id = ask.some_id(Verb::Delete);
    let refused = ask.refused(&[Verb::Read, Verb::Delete], &[]);
    let outcome = match refused.or_else(|| ask.kept(id, Verb::Delete)) {
        Some(refused) => (refused, None),
        None => deleted(ask, &[id]),
    };
    let (method, path) = ("DELETE", format!("/{}/{id}", ask.of.name));
    let write = Write { prober: "delete", method, path, body: None };
    ask.write(write, outcome);
}

/// What comes of deleting records that may be deleted.
pub(super) fn deleted(ask: &Ask<'_>, ids: &[i64]) -> (Expect, Option<Facts>) {
    if ids.iter().any(|it| is_held(ask.facts(), ask.of.name, *it, ids)) {
        return (Expect::refused(409, "foreign_key"), None);
    }
    let mut after = ask.facts().clone();
    let mut touched: Vec<i64> = Vec::new();
    for id in ids {
        after.remove(ask.of.name, *id);
        touched.extend(write::wholes(ask.of, *id, [ask.facts(), &after]));
    }
    touched.sort_unstable();
    touched.dedup();
    if let Some((_, whole)) = ask.of.part_of {
        touched.iter().for_each(|it| after.raise(whole, *it));
        let then = Eyes { facts: &after, ..ask.eyes };
        if !touched.iter().all(|it| then.may(table(whole), Verb::Update, *it)) {
            return (Expect::denied(), None);
        }
    }
    (Expect::Bare { status: 204 }, Some(after))
}

/// Whether a row that stays points at this one and would not let go of it.
fn is_held(facts: &Facts, table: &str, id: i64, going: &[i64]) -> bool {
    let points = |from: &str, key: &str| {
        let is_it = |it: &i64| {
            facts.cell(from, Some(*it), key) == Cell::Int(id)
                && (from != table || !going.contains(it))
        };
        facts.ids(from).iter().any(is_it)
    };
    table == "spaces" && (points("notes", "space_id") || points("spaces", "parent_id"))
}
