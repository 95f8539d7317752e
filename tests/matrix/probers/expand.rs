//! Records with what stands behind their relations, level by level.

use serde_json::{Map, Value, json};

use crate::{
    chance::Chance,
    oracle::{Condition, Eyes, Field, Named, Sight, Table, Verb, WORLD, table},
    probe::{Expect, Probe, Shown, shown, usual},
    probers::Ask,
    random::{self, Purpose},
};

/// A relation, and what is wanted of the records behind it.
struct Branch {
    field: &'static Field,
    keys: Vec<&'static str>,
    filter: Option<Condition>,
    is_descending: bool,
    /// Of relations to many.
    limit: usize,
    inner: Vec<Self>,
}

/// Trees of any shape in a body.
pub(super) fn searches(ask: &mut Ask<'_>) {
    for _ in 0..6 {
        let mut from = ask.from.fork();
        let branches = branches(ask, &mut from, ask.of, 3);
        let mut named = Named::default().model(&ask.eyes, ask.of, Verb::Read);
        for branch in &branches {
            named = branch.named(named, &ask.eyes, ask.of);
        }
        let expect = match named.refusal() {
            Some(it) => Expect::refusal(it),
            None => {
                let visible = ask.visible();
                let record = |id: &i64| {
                    let mut record = shown(&ask.eyes, ask.of, *id, &["id"]);
                    branches.iter().for_each(|it| it.add(&mut record, (&ask.eyes, ask.of, *id)));
                    record
                };
                let hidden = ask.facts().ids(ask.of.name).len() - visible.len();
                Expect::Rows { rows: visible.iter().map(record).collect(), total: None, hidden }
            }
        };
        let expand: Map<String, Value> = branches.iter().map(Branch::json).collect();
        let body = json!({ "fields": ["id"], "sort": ["id"], "limit": 1000, "expand": expand });
        ask.probes.push(Probe::post("expand", format!("/{}/search", ask.of.name), body, expect));
    }
}

/// Relations by name, of lists: whatever may be read comes with them, and nothing else.
pub(super) fn of_list(ask: &mut Ask<'_>) {
    for (path, fields) in paths(ask.of) {
        let named = named_path(ask, &fields);
        let rows: Vec<Value> = ask.visible().iter().map(|it| outline(ask, *it, &fields)).collect();
        let answer = Expect::Part { part: outlines, is: json!(rows) };
        let query = format!("?fields=id&sort=id&limit=1000&expand={path}");
        ask.read("expand of a list", &query, named, answer);
    }
}

/// The same of single records.
pub(super) fn of_record(ask: &mut Ask<'_>) {
    for id in ask.facts().ids(ask.of.name) {
        let paths = paths(ask.of);
        if paths.is_empty() {
            continue;
        }
        let (path, fields) = ask.from.one(&paths).clone();
        let named = named_path(ask, &fields);
        let answer = match ask.eyes.may(ask.of, Verb::Read, id) {
            true => Expect::Part { part: outline_of, is: outline(ask, id, &fields) },
            false => Expect::missing(),
        };
        let query = format!("/{id}?fields=id&expand={path}");
        ask.read("expand of a record", &query, named, answer);
    }
}

/// Up to three relations of a table, with others behind them.
fn branches(ask: &Ask<'_>, from: &mut Chance, of: &'static Table, levels: usize) -> Vec<Branch> {
    // Who wrote last is not followed by the oracle.
    let known = |it: &&Field| it.kind.target().is_some() && it.name != "updated_by";
    let mut fields: Vec<&'static Field> = of.fields.iter().filter(known).collect();
    let mut branches = Vec::new();
    for _ in 0..=from.below(3).min(fields.len().saturating_sub(1)) {
        if fields.is_empty() || levels == 0 {
            break;
        }
        let field = fields.remove(from.below(fields.len()));
        let target = table(field.kind.target().expect("it leads on"));
        let is_known = |it: &&Field| it.name != "updated_by" && !it.name.ends_with("_at");
        let keys: Vec<&'static str> =
            target.fields.iter().filter(is_known).map(|it| it.key).collect();
        let mut keys = from.some(&keys[1..], 15);
        keys.insert(0, "id");
        let to = Purpose { is_rule: false, without: &[], people: ask.people, facts: ask.facts() };
        let may_filter = WORLD.contains(&target.name) && from.percent(30);
        let filter = may_filter.then(|| random::filter(from, target, 1, to));
        let inner = if from.percent(60) { branches_of(ask, from, target, levels) } else { vec![] };
        let limit = if from.percent(50) { from.below(4) } else { 1000 };
        let is_descending = from.percent(50);
        branches.push(Branch { field, keys, filter, is_descending, limit, inner });
    }
    branches
}

/// Those behind another.
fn branches_of(ask: &Ask<'_>, from: &mut Chance, of: &'static Table, levels: usize) -> Vec<Branch> {
    branches(ask, from, of, levels - 1)
}

impl Branch {
    fn named(&self, named: Named, eyes: &Eyes<'_>, of: &Table) -> Named {
        let mut named = named.relation(eyes, of, self.field);
        // What lies behind a closed field is not looked at.
        if !eyes.rights.reads(eyes.who, of, self.field) {
            return named;
        }
        let target = self.target();
        for key in &self.keys {
            named = named.given(eyes, target, target.field(key));
        }
        if let Some(filter) = &self.filter {
            named = named.filter(eyes, target, filter);
        }
        self.inner.iter().fold(named, |named, it| it.named(named, eyes, target))
    }

    fn json(&self) -> (String, Value) {
        let inner: Map<String, Value> = self.inner.iter().map(Self::json).collect();
        let mut level = json!({ "fields": self.keys });
        if let Some(filter) = &self.filter {
            level["filter"] = filter.json();
        }
        if !inner.is_empty() {
            level["expand"] = json!(inner);
        }
        if self.field.kind.is_to_many() {
            level["sort"] = json!([if self.is_descending { "-id" } else { "id" }]);
            level["limit"] = json!(self.limit);
        }
        (self.field.name.to_owned(), level)
    }

    /// Puts to a record what comes with it.
    fn add(&self, record: &mut Shown, (eyes, of, id): (&Eyes<'_>, &Table, i64)) {
        let target = self.target();
        let mut ids = eyes.behind(of, Some(id), self.field.name, Sight::Own);
        if let Some(filter) = &self.filter {
            ids.retain(|it| eyes.passes(target, Some(*it), filter, Sight::Own));
        }
        let whole = |id: i64| {
            let mut record = shown(eyes, target, id, &self.keys);
            self.inner.iter().for_each(|it| it.add(&mut record, (eyes, target, id)));
            json!(record)
        };
        let name = self.field.name;
        if !self.field.kind.is_to_many() {
            record.insert(name.to_owned(), Some(ids.first().map_or(Value::Null, |it| whole(*it))));
            return;
        }
        if self.is_descending {
            ids.reverse();
        }
        if ids.len() > self.limit {
            record.insert(format!("{name}_page"), Some(json!({ "has_more": true })));
        }
        let records: Vec<Value> = ids.into_iter().take(self.limit).map(whole).collect();
        record.insert(name.to_owned(), Some(json!(records)));
    }

    fn target(&self) -> &'static Table {
        table(self.field.kind.target().expect("a relation leads on"))
    }
}

/// Every relation to a table of which the oracle knows all fields, and one behind it.
fn paths(of: &'static Table) -> Vec<(String, Vec<&'static Field>)> {
    let leads_on = |it: &&Field| it.kind.target().is_some_and(|it| WORLD.contains(&it));
    let mut paths = Vec::new();
    for first in of.fields.iter().filter(leads_on) {
        paths.push((first.name.to_owned(), vec![first]));
        let target = table(first.kind.target().expect("it leads on"));
        for second in target.fields.iter().filter(leads_on) {
            paths.push((format!("{}.{}", first.name, second.name), vec![first, second]));
        }
    }
    paths
}

fn named_path(ask: &Ask<'_>, fields: &[&'static Field]) -> Named {
    let mut named = Named::default();
    let mut of = ask.of;
    for field in fields {
        named = named.relation(&ask.eyes, of, field);
        if !ask.rights().reads(ask.who(), of, field) {
            break;
        }
        of = table(field.kind.target().expect("a relation leads on"));
    }
    named
}

/// What can be told of a record and of those behind it without knowing every value: ids and keys.
fn outline(ask: &Ask<'_>, id: i64, fields: &[&'static Field]) -> Value {
    outline_at(&ask.eyes, (ask.of, id), vec!["id"], fields)
}

fn outline_at(
    eyes: &Eyes<'_>,
    (of, id): (&'static Table, i64),
    mut keys: Vec<&str>,
    fields: &[&'static Field],
) -> Value {
    let Some((first, rest)) = fields.split_first() else {
        keys.sort_unstable();
        return json!([id, keys, []]);
    };
    keys.push(first.name);
    keys.sort_unstable();
    let target = table(first.kind.target().expect("a relation leads on"));
    let behind = eyes.behind(of, Some(id), first.name, Sight::Own);
    let inner = |id: &i64| outline_at(eyes, (target, *id), usual(eyes, target), rest);
    json!([id, keys, behind.iter().map(inner).collect::<Vec<_>>()])
}

fn outlines(answer: &Value) -> Value {
    answer["data"].as_array().into_iter().flatten().map(outline_of).collect()
}

/// The same of a record as it came, with the records behind it by id.
fn outline_of(record: &Value) -> Value {
    let Some(entries) = record.as_object() else { return Value::Null };
    let mut behind: Vec<&Value> = Vec::new();
    for value in entries.values() {
        match value {
            Value::Object(_) => behind.push(value),
            Value::Array(list) => behind.extend(list),
            _ => {}
        }
    }
    behind.sort_by_key(|it| it["id"].as_i64());
    let keys: Vec<&String> = entries.keys().collect();
    json!([record["id"], keys, behind.into_iter().map(outline_of).collect::<Vec<_>>()])
}
