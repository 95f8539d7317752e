//! Lines that are written with the record that has them: parts of it, which follow it, and
//! others, which have rights of their own.

use serde_json::{Map, Value, json};

use crate::{
    oracle::{Cell, Eyes, Facts, Field, Kind, Named, Table, Verb},
    probe::{Expect, shown},
    probers::{
        Ask, create,
        write::{self, Values, Write},
    },
};

/// A new record with a line from the start.
pub(super) fn created(ask: &mut Ask<'_>) {
    let Some(of) = Lines::of(ask.of) else { return };
    let values = create::new(ask);
    let line = new_line(ask, &of);
    let mut body = write::body(&values);
    body.insert(of.field.name.to_owned(), json!({ "create": [write::body(&line)] }));
    let write = Write {
        prober: "create with lines",
        method: "POST",
        path: format!("/{}", ask.of.name),
        body: Some(Value::Object(body)),
    };
    let mut named = Named::default().model(&ask.eyes, ask.of, Verb::Create);
    for (field, _) in &values {
        named = named.written(&ask.eyes, ask.of, field);
    }
    let commands = Commands { create: Some(line), ..Commands::default() };
    let refused = commands.named(&of, &ask.eyes, (ask.of, named)).refusal();
    let outcome = match refused.map(Expect::refusal) {
        Some(refused) => (refused, None),
        None if ask.is_lost(&values, None) || commands.is_lost(ask, &of, None) => {
            (Expect::lost(), None)
        }
        None => made(ask, &of, (&values, &commands)),
    };
    ask.write(write, outcome);
}

/// A rule that looks at lines is judged without them, and with them.
fn made(
    ask: &Ask<'_>,
    of: &Lines,
    (values, commands): (&Values, &Commands),
) -> (Expect, Option<Facts>) {
    let id = ask.next_id;
    let mut after = ask.facts().clone();
    create::put(ask, (id, values), &mut after);
    let alone = Eyes { facts: &after, ..ask.eyes };
    if !alone.may(ask.of, Verb::Create, id) {
        return (Expect::denied(), None);
    }
    commands.write(ask, of, id, &mut after);
    match commands.is_denied_after(ask, of, &after) {
        true => (Expect::denied(), None),
        false => ask.outcome((id, Verb::Create, true), after),
    }
}

/// Lines that come, change and go.
pub(super) fn changed(ask: &mut Ask<'_>) {
    let Some(of) = Lines::of(ask.of) else { return };
    let id = ask.some_id(Verb::Update);
    let commands = Commands::any(ask, &of, id);
    let write = Write {
        prober: "lines",
        method: "PATCH",
        path: format!("/{}/{id}", ask.of.name),
        body: Some(json!({ of.field.name: commands.body() })),
    };
    let named = Named::default().model(&ask.eyes, ask.of, Verb::Read);
    let named = named.model(&ask.eyes, ask.of, Verb::Update);
    let refused = commands.named(&of, &ask.eyes, (ask.of, named)).refusal();
    let refused = refused.map(Expect::refusal).or_else(|| ask.kept(id, Verb::Update));
    let outcome = match refused {
        Some(refused) => (refused, None),
        None if commands.is_denied_before(ask, &of, id) => (Expect::denied(), None),
        None if commands.is_lost(ask, &of, Some(id)) => (Expect::lost(), None),
        None => {
            let mut after = ask.facts().clone();
            commands.write(ask, &of, id, &mut after);
            if after == *ask.facts() {
                let record = shown(&ask.eyes, ask.of, id, &ask.usual());
                (Expect::Record { status: 200, record }, None)
            } else {
                after.raise(ask.of.name, id);
                match commands.is_denied_after(ask, &of, &after) {
                    true => (Expect::denied(), None),
                    false => ask.outcome((id, Verb::Update, false), after),
                }
            }
        }
    };
    ask.write(write, outcome);
}

/// The lines of a table.
struct Lines {
    field: &'static Field,
    table: &'static Table,
    /// Their reference to the record that has them.
    reference: &'static Field,
    is_part: bool,
}

impl Lines {
    fn of(whole: &Table) -> Option<Self> {
        let (table, field) = whole.lines()?;
        let Kind::Back(_, key) = field.kind else { return None };
        let is_part = table.part_of.is_some_and(|it| it.0 == key);
        Some(Self { field, table, reference: table.field(key), is_part })
    }
}

/// What is asked of the lines of one record.
#[derive(Default)]
struct Commands {
    create: Option<Values>,
    update: Option<(i64, Values)>,
    delete: Option<i64>,
}

impl Commands {
    fn any(ask: &mut Ask<'_>, of: &Lines, whole: i64) -> Self {
        let all = ask.facts().ids(of.table.name);
        let is_own = |it: &i64| {
            ask.facts().cell(of.table.name, Some(*it), of.reference.key) == Cell::Int(whole)
        };
        let mut own: Vec<i64> = all.iter().copied().filter(is_own).collect();
        let mut some = |ask: &mut Ask<'_>| {
            let is_foreign = own.is_empty() || ask.from.percent(12);
            match is_foreign && !all.is_empty() && ask.from.percent(40) {
                true => Some(*ask.from.one(&all)),
                false if own.is_empty() => None,
                false => Some(own.remove(ask.from.below(own.len()))),
            }
        };
        let mut commands = Self::default();
        if ask.from.percent(60) {
            commands.update = some(ask).map(|it| (it, Values::new()));
        }
        if ask.from.percent(45) {
            let is_updated = |it: &i64| commands.update.as_ref().is_some_and(|(id, _)| id == it);
            commands.delete = some(ask).filter(|it| !is_updated(it));
        }
        if let Some((_, values)) = &mut commands.update {
            *values = line(ask, of).values(35);
            values.retain(|it| it.0.key != of.reference.key);
        }
        if ask.from.percent(50) {
            commands.create = Some(new_line(ask, of));
        }
        commands
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        if let Some(values) = &self.create {
            body.insert("create".to_owned(), json!([write::body(values)]));
        }
        if let Some((id, values)) = &self.update {
            let mut line = write::body(values);
            line.insert("id".to_owned(), json!(id));
            body.insert("update".to_owned(), json!([line]));
        }
        if let Some(id) = self.delete {
            body.insert("delete".to_owned(), json!([id]));
        }
        Value::Object(body)
    }

    fn verbs(&self) -> Vec<Verb> {
        let mut verbs = Vec::new();
        verbs.extend(self.create.as_ref().map(|_| Verb::Create));
        verbs.extend(self.update.as_ref().map(|_| Verb::Update));
        verbs.extend(self.delete.map(|_| Verb::Delete));
        verbs
    }

    /// All that is named: the field that has the lines, and if that is open, what stands in them.
    fn named(&self, of: &Lines, eyes: &Eyes<'_>, (whole, named): (&Table, Named)) -> Named {
        let mut named = named.written(eyes, whole, of.field);
        if !eyes.rights.writes(eyes.who, whole, of.field) {
            return named;
        }
        if !of.is_part {
            let verbs = self.verbs().into_iter();
            named = verbs.fold(named, |it, verb| it.model(eyes, of.table, verb));
        }
        let update = self.update.iter().flat_map(|it| &it.1);
        for (field, _) in self.create.iter().flatten().chain(update) {
            named = named.written(eyes, of.table, field);
        }
        match self.create {
            // What a new line belongs to is said with it.
            Some(_) => named.written(eyes, of.table, of.reference),
            None => named,
        }
    }

    /// The lines that are there, and what is to be done with them.
    fn old(&self) -> impl Iterator<Item = (i64, Verb)> {
        let update = self.update.iter().map(|it| (it.0, Verb::Update));
        update.chain(self.delete.map(|it| (it, Verb::Delete)))
    }

    /// Whether a line is one of this record, and seen.
    fn is_there(ask: &Ask<'_>, of: &Lines, whole: i64, id: i64) -> bool {
        ask.facts().cell(of.table.name, Some(id), of.reference.key) == Cell::Int(whole)
            && (of.is_part || ask.eyes.may(of.table, Verb::Read, id))
    }

    fn is_denied_before(&self, ask: &Ask<'_>, of: &Lines, whole: i64) -> bool {
        !of.is_part
            && self.old().any(|(id, verb)| {
                Self::is_there(ask, of, whole, id) && !ask.eyes.may(of.table, verb, id)
            })
    }

    /// Whether a line is another record's, or hidden, or points at what is.
    fn is_lost(&self, ask: &Ask<'_>, of: &Lines, whole: Option<i64>) -> bool {
        let is_there = |id| whole.is_some_and(|it| Self::is_there(ask, of, it, id));
        let points_nowhere = |values: &Values, row: Option<i64>| {
            values.iter().any(|(field, cell)| {
                let (Some(target), Some(id)) = (field.kind.target(), cell.int()) else {
                    return false;
                };
                let stored = ask.facts().cell(of.table.name, row, field.key);
                let is_kept = row.is_some() && stored == *cell;
                !is_kept && !ask.eyes.may(crate::oracle::table(target), Verb::Read, id)
            })
        };
        self.old().any(|(id, _)| !is_there(id))
            || self.create.as_ref().is_some_and(|it| points_nowhere(it, None))
            || self.update.as_ref().is_some_and(|(id, it)| points_nowhere(it, Some(*id)))
    }

    fn write(&self, ask: &Ask<'_>, of: &Lines, whole: i64, after: &mut Facts) {
        if let Some(id) = self.delete {
            after.remove(of.table.name, id);
        }
        if let Some((id, values)) = &self.update {
            let before = after.clone();
            for (field, cell) in values {
                after.set(of.table.name, *id, field.key, cell.clone());
            }
            if *after != before {
                after.raise(of.table.name, *id);
            }
        }
        if let Some(values) = &self.create {
            let mut values = values.clone();
            values.push((of.reference, Cell::Int(whole)));
            let inner = Ask { of: of.table, from: ask.from.clone(), probes: Vec::new(), ..*ask };
            create::put(&inner, (ask.next_line_id, &values), after);
        }
    }

    /// Whether a line has become one that its writer may not write so.
    fn is_denied_after(&self, ask: &Ask<'_>, of: &Lines, after: &Facts) -> bool {
        if of.is_part {
            return false;
        }
        let then = Eyes { facts: after, ..ask.eyes };
        let is_made = self.create.is_some();
        let is_changed = |id: &i64| {
            let name = of.table.name;
            let version = |facts: &Facts| facts.cell(name, Some(*id), "version");
            version(after) != version(ask.facts())
        };
        let changed = self.update.iter().map(|it| it.0).filter(|it| is_changed(it));
        (is_made && !then.may(of.table, Verb::Create, ask.next_line_id))
            || changed.into_iter().any(|it| !then.may(of.table, Verb::Update, it))
    }
}

/// Asks of the lines in place of the records that have them.
fn line<'a>(ask: &mut Ask<'a>, of: &Lines) -> Ask<'a> {
    Ask { of: of.table, from: ask.from.fork(), probes: Vec::new(), ..*ask }
}

fn new_line(ask: &mut Ask<'_>, of: &Lines) -> Values {
    let mut values = create::new(&mut line(ask, of));
    values.retain(|it| it.0.key != of.reference.key);
    values
}
