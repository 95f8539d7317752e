//! What every write has in common: references that must lead somewhere, and the new row that is
//! judged as it stands afterwards. Each prober of a write makes one request.

use serde_json::{Map, Value};

use crate::{
    oracle::{Cell, Eyes, Facts, Field, Kind, Named, Table, Verb, table},
    probe::{Expect, Probe, shown, usual},
    probers::Ask,
    random::cell,
};

/// Values for some fields.
pub(super) type Values = Vec<(&'static Field, Cell)>;

/// A write in the making: refused for what it names, or judged by what comes of it.
pub(super) struct Write {
    pub(super) prober: &'static str,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) body: Option<Value>,
}

impl Ask<'_> {
    /// Sends a write.
    pub(super) fn write(&mut self, write: Write, (expect, after): (Expect, Option<Facts>)) {
        let Write { prober, method, path, body } = write;
        self.probes.push(Probe { prober, method, path, body, expect, after });
    }

    /// What a write that names all this is refused with.
    pub(super) fn refused(&self, verbs: &[Verb], fields: &[&Field]) -> Option<Expect> {
        let named =
            verbs.iter().fold(Named::default(), |it, verb| it.model(&self.eyes, self.of, *verb));
        let named = fields.iter().fold(named, |it, field| it.written(&self.eyes, self.of, field));
        named.refusal().map(Expect::refusal)
    }

    /// Why an old row must stay as it is.
    pub(super) fn kept(&self, id: i64, verb: Verb) -> Option<Expect> {
        if !self.eyes.may(self.of, Verb::Read, id) {
            return Some(Expect::missing());
        }
        (!self.eyes.may(self.of, verb, id)).then(Expect::denied)
    }

    /// Whether one of these references leads to what is missing or hidden; those that stay as they
    /// are in a row are no write.
    pub(super) fn is_lost(&self, values: &Values, row: Option<i64>) -> bool {
        values.iter().any(|(field, cell)| {
            let (Some(target), Some(id)) = (field.kind.target(), cell.int()) else { return false };
            let is_kept = row.is_some() && self.facts().cell(self.of.name, row, field.key) == *cell;
            !is_kept && !self.eyes.may(table(target), Verb::Read, id)
        })
    }

    /// A record to write: often one that may be written.
    pub(super) fn some_id(&mut self, verb: Verb) -> i64 {
        let all = self.facts().ids(self.of.name);
        let mut open = all.clone();
        open.retain(|it| self.eyes.may(self.of, verb, *it));
        let ids = if open.is_empty() || self.from.percent(40) { all } else { open };
        match ids.is_empty() || self.from.percent(3) {
            true => i64::MAX,
            false => *self.from.one(&ids),
        }
    }

    /// New values for some fields, each that often in a hundred times; often such that may be
    /// written.
    pub(super) fn values(&mut self, often: usize) -> Values {
        let fields = self.of.columns().filter(|it| !it.is_fixed);
        let fields: Vec<&'static Field> = fields.collect();
        let avoids_closed = self.from.percent(70);
        let mut values = Values::new();
        for field in fields {
            let is_open = self.rights().writes(self.who(), self.of, field);
            if self.from.percent(often) && (is_open || !avoids_closed) {
                values.push((field, self.value(field)));
            }
        }
        values
    }

    pub(super) fn value(&mut self, field: &'static Field) -> Cell {
        let value = cell(&mut self.from, self.people, self.eyes.facts, field);
        match (value, field.kind.target()) {
            // There is nothing to point at.
            (Cell::Absent, Some(_)) if !field.is_optional => Cell::Int(i64::MAX),
            (value, Some(target)) => self.seen(value, target),
            (value, None) => value,
        }
    }

    /// Rather a record that is seen, most of the time.
    fn seen(&mut self, value: Cell, target: &str) -> Cell {
        let visible = self.eyes.visible(table(target));
        match value {
            Cell::Int(id) if !visible.contains(&id) && self.from.percent(70) => {
                visible.first().map_or(value, |_| Cell::Int(*self.from.one(&visible)))
            }
            value => value,
        }
    }

    /// What comes of a write, when the rows are so afterwards: the new row must be one that may be
    /// made so, and of a part the old whole and the new one, before and afterwards. A part that is
    /// put into a whole needs that to be seen afterwards, too.
    pub(super) fn outcome(
        &self,
        (id, verb, is_put): (i64, Verb, bool),
        after: Facts,
    ) -> (Expect, Option<Facts>) {
        let then = Eyes { facts: &after, ..self.eyes };
        let wholes = wholes(self.of, id, [self.facts(), &after]);
        let is_whole_open = |it: &i64| {
            let whole = table(self.of.part_of.expect("a part has its whole").1);
            [&self.eyes, &then].iter().all(|eyes| eyes.may(whole, Verb::Update, *it))
        };
        let is_lost = self.of.part_of.is_some() && is_put && !then.may(self.of, Verb::Read, id);
        if is_lost || !then.may(self.of, verb, id) || !wholes.iter().all(is_whole_open) {
            return (Expect::denied(), None);
        }
        let status = if verb == Verb::Create { 201 } else { 200 };
        let expect = match then.may(self.of, Verb::Read, id) {
            true => {
                let record = shown(&then, self.of, id, &usual(&then, self.of));
                Expect::Record { status, record }
            }
            false => Expect::Bare { status: if status == 201 { 201 } else { 204 } },
        };
        (expect, Some(after))
    }
}

/// The wholes that a row is or was a part of, each once.
pub(super) fn wholes(of: &Table, id: i64, in_both: [&Facts; 2]) -> Vec<i64> {
    let Some((key, _)) = of.part_of else { return Vec::new() };
    let mut wholes: Vec<i64> =
        in_both.iter().filter_map(|it| it.cell(of.name, Some(id), key).int()).collect();
    wholes.sort_unstable();
    wholes.dedup();
    wholes
}

/// Raises the versions of the wholes of a part.
pub(super) fn touch(of: &Table, id: i64, before: &Facts, after: &mut Facts) {
    for whole in wholes(of, id, [before, &after.clone()]) {
        after.raise(of.part_of.expect("it has wholes").1, whole);
    }
}

/// Values as a body has them.
pub(super) fn body(values: &Values) -> Map<String, Value> {
    values.iter().map(|(field, cell)| (field.key.to_owned(), cell.json())).collect()
}

/// The field that links, if there is one.
pub(super) fn linking(of: &Table) -> Option<&'static Field> {
    of.fields.iter().find(|it| matches!(it.kind, Kind::Tags | Kind::Tagged))
}

/// Links of a record, as pairs of a note and a tag.
pub(super) fn link(field: &Field, id: i64, end: i64) -> (i64, i64) {
    if field.kind == Kind::Tags { (id, end) } else { (end, id) }
}
