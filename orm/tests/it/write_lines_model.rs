//! Any commands over lines of any depth: the engine against a model of it in memory.
//!
//! Several authors have books, which are no parts of them; books have chapters and copies, and
//! chapters footnotes, which are. Each request is tried on the model, which says what is refused
//! and where, and which rows and versions there are afterwards.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher, RandomState},
};

use orm::{Model, Session};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Map, Value, json};

use crate::{
    library::{Author, Book, Chapter, Copy, Footnote},
    nested::{patch, post},
    stage::on_stage,
};

const REQUESTS: usize = 400;

#[tokio::test]
async fn lines_become_what_a_model_in_memory_says() {
    let seed = match Config::default().rng_seed {
        RngSeed::Fixed(it) => it,
        RngSeed::Random => RandomState::new().hash_one(()),
    };
    println!("PROPTEST_RNG_SEED={seed} makes the same requests again");
    on_stage(async |stage| {
        let session = &stage.session(stage.all_rights());
        let mut chance = Chance(seed);
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        let mut world = World::read(session).await;
        for _ in 0..REQUESTS {
            let authors: Vec<i64> = world.of(&AUTHORS, None);
            let of = match authors.len() {
                0..3 => None,
                count if chance.percent(5) && count < 5 => None,
                count => Some(authors[chance.below(count)]),
            };
            let body = Value::Object(chance.record(&world, &AUTHORS, of, 0));
            let mut then = world.clone();
            let expected = then.write(&AUTHORS, of, &body);
            let found = match of {
                Some(id) => patch(session, ("authors", id), &body.to_string()).await.map(|_| ()),
                None => post(session, "authors", &body.to_string()).await.map(|_| ()),
            };
            let expected = expected.map_err(|it| it.said());
            let found = found.map_err(|it| sorted(&it));
            assert_eq!(found, expected, "{of:?} {body:#}");
            let kind = |it: String| it.split(':').next().unwrap_or_default().to_owned();
            *outcomes.entry(found.err().map_or("done".to_owned(), kind)).or_default() += 1;
            let after = World::read(session).await;
            let expected = if expected.is_ok() { &then } else { &world };
            assert_eq!(after.shown(), expected.shown(), "{of:?} {body:#}");
            world = after;
        }
        // What is always refused, or never, proves little.
        for kind in ["done", "invalid", "not unique"] {
            assert!(outcomes.get(kind).is_some_and(|it| *it > REQUESTS / 50), "{outcomes:?}");
        }
    })
    .await;
}

/// A model of the test: its table, what names its records, and what has lines.
struct Kind {
    table: &'static str,
    value: &'static str,
    /// Whether no two lines of a record have the same value.
    is_unique: bool,
    lines: &'static [(&'static str, &'static Self)],
}

static AUTHORS: Kind =
    Kind { table: "authors", value: "name", is_unique: false, lines: &[("books", &BOOKS)] };
static BOOKS: Kind = Kind {
    table: "books",
    value: "title",
    is_unique: false,
    lines: &[("chapters", &CHAPTERS), ("copies", &COPIES)],
};
static CHAPTERS: Kind = Kind {
    table: "chapters",
    value: "number",
    is_unique: true,
    lines: &[("footnotes", &FOOTNOTES)],
};
static COPIES: Kind = Kind { table: "copies", value: "shelf", is_unique: false, lines: &[] };
static FOOTNOTES: Kind = Kind { table: "footnotes", value: "text", is_unique: false, lines: &[] };

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    of: Option<i64>,
    value: i64,
    version: i64,
}

/// All rows, by table and key; those that the model made itself have keys below zero.
#[derive(Debug, Clone, Default)]
struct World {
    rows: BTreeMap<(&'static str, i64), Row>,
    made: i64,
}

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    Invalid(Vec<String>),
    NotUnique(String),
}

impl Refusal {
    fn said(&self) -> String {
        match self {
            Self::Invalid(list) => sorted(&format!("invalid: {}", list.join(", "))),
            Self::NotUnique(at) => format!("not unique: {at} book_id, number"),
        }
    }
}

/// The same with its faults in order, which is that of their search and no promise.
fn sorted(told: &str) -> String {
    let Some(list) = told.strip_prefix("invalid: ") else { return told.to_owned() };
    let mut list: Vec<&str> = list.split(", ").collect();
    list.sort_unstable();
    format!("invalid: {}", list.join(", "))
}

impl World {
    async fn read(session: &Session) -> Self {
        let mut world = Self::default();
        let mut put = |kind: &Kind, id: i64, of: Option<i64>, value: &str, version: i64| {
            let value = value.trim_start_matches('v').parse().unwrap();
            world.rows.insert((kind.table, id), Row { of, value, version });
        };
        for it in Author::query(session).all().await.unwrap() {
            put(&AUTHORS, it.id().get(), None, &it.name, it.version());
        }
        for it in Book::query(session).all().await.unwrap() {
            put(&BOOKS, it.id().get(), Some(it.author.id().get()), &it.title, it.version());
        }
        for it in Chapter::query(session).all().await.unwrap() {
            let (of, number) = (it.book.id().get(), it.number.to_string());
            put(&CHAPTERS, it.id().get(), Some(of), &number, it.version());
        }
        for it in Copy::query(session).all().await.unwrap() {
            let shelf = it.shelf.as_deref().unwrap();
            put(&COPIES, it.id().get(), Some(it.book.id().get()), shelf, it.version());
        }
        for it in Footnote::query(session).all().await.unwrap() {
            put(&FOOTNOTES, it.id().get(), Some(it.chapter.id().get()), &it.text, it.version());
        }
        world
    }

    fn of(&self, kind: &Kind, whole: Option<i64>) -> Vec<i64> {
        let all = self.rows.iter().filter(|it| it.0.0 == kind.table);
        all.filter(|it| it.1.of == whole).map(|it| it.0.1).collect()
    }

    fn all(&self, kind: &Kind) -> Vec<i64> {
        self.rows.keys().filter(|it| it.0 == kind.table).map(|it| it.1).collect()
    }

    /// The trees, whatever their new rows are called.
    fn shown(&self) -> Vec<String> {
        self.trees(&AUTHORS, None)
    }

    fn trees(&self, kind: &Kind, whole: Option<i64>) -> Vec<String> {
        let tree = |id: i64| {
            let Row { value, version, .. } = &self.rows[&(kind.table, id)];
            let lines: Vec<Vec<String>> =
                kind.lines.iter().map(|(_, it)| self.trees(it, Some(id))).collect();
            format!("{value}@{version}{lines:?}")
        };
        let mut trees: Vec<String> = self.of(kind, whole).into_iter().map(tree).collect();
        trees.sort_unstable();
        trees
    }

    /// One request.
    fn write(&mut self, kind: &'static Kind, of: Option<i64>, body: &Value) -> Result<(), Refusal> {
        let mut repeated = Vec::new();
        repetitions(kind, body, "", &mut repeated);
        if !repeated.is_empty() {
            return Err(Refusal::Invalid(repeated));
        }
        let mut lost = Vec::new();
        self.lost((kind, of), body, "", &mut lost);
        if !lost.is_empty() {
            return Err(Refusal::Invalid(lost));
        }
        let id = match of {
            Some(id) => id,
            None => self.make(kind, None, body),
        };
        let is_changed = of.is_some() && self.set(kind, id, body);
        let is_line_changed = self.lines(kind, &[(id, body, String::new())])?.contains(&id);
        if of.is_some() && (is_changed || is_line_changed) {
            self.raise(kind, id);
        }
        Ok(())
    }

    /// Lines that are not there, or not of the record that they are named in.
    fn lost(
        &self,
        (kind, of): (&Kind, Option<i64>),
        body: &Value,
        pointer: &str,
        lost: &mut Vec<String>,
    ) {
        for (name, kind) in kind.lines {
            let is_own = |id: i64| of.is_some() && self.of(kind, of).contains(&id);
            for (at, id) in list(body, name, "delete").iter().enumerate() {
                if !is_own(id.as_i64().unwrap()) {
                    lost.push(format!("{pointer}/{name}/delete/{at} not_found"));
                }
            }
            for (at, line) in list(body, name, "update").iter().enumerate() {
                let id = line["id"].as_i64().unwrap();
                let pointer = format!("{pointer}/{name}/update/{at}");
                if !is_own(id) {
                    lost.push(format!("{pointer}/id not_found"));
                }
                self.lost((kind, Some(id)), line, &pointer, lost);
            }
        }
    }

    /// Writes the lines of records that stand; gives those whose lines are others than before.
    fn lines(
        &mut self,
        kind: &'static Kind,
        records: &[(i64, &Value, String)],
    ) -> Result<BTreeSet<i64>, Refusal> {
        let mut changed = BTreeSet::new();
        for (name, kind) in kind.lines {
            for (whole, body, _) in records {
                for id in list(body, name, "delete") {
                    self.remove(kind, id.as_i64().unwrap());
                    changed.insert(*whole);
                }
            }
            let mut updated = Vec::new();
            let mut written = BTreeMap::new();
            for (whole, body, pointer) in records {
                for (at, line) in list(body, name, "update").iter().enumerate() {
                    let id = line["id"].as_i64().unwrap();
                    let pointer = format!("{pointer}/{name}/update/{at}");
                    let is_changed = self.set(kind, id, line);
                    self.judge(kind, id, &pointer)?;
                    written.insert(id, (*whole, is_changed));
                    updated.push((id, line, pointer));
                }
            }
            let deeper = self.lines(kind, &updated)?;
            for (id, (whole, is_changed)) in written {
                if is_changed || deeper.contains(&id) {
                    self.raise(kind, id);
                    changed.insert(whole);
                }
            }
            let mut created = Vec::new();
            for (whole, body, pointer) in records {
                for (at, line) in list(body, name, "create").iter().enumerate() {
                    let id = self.make(kind, Some(*whole), line);
                    let pointer = format!("{pointer}/{name}/create/{at}");
                    self.judge(kind, id, &pointer)?;
                    created.push((id, line, pointer));
                    changed.insert(*whole);
                }
            }
            self.lines(kind, &created)?;
        }
        Ok(changed)
    }

    fn make(&mut self, kind: &Kind, of: Option<i64>, body: &Value) -> i64 {
        self.made -= 1;
        let row = Row { of, value: number(&body[kind.value]).unwrap(), version: 1 };
        self.rows.insert((kind.table, self.made), row);
        self.made
    }

    fn set(&mut self, kind: &Kind, id: i64, body: &Value) -> bool {
        let row = self.rows.get_mut(&(kind.table, id)).unwrap();
        let wanted = number(&body[kind.value]).unwrap_or(row.value);
        std::mem::replace(&mut row.value, wanted) != wanted
    }

    fn raise(&mut self, kind: &Kind, id: i64) {
        self.rows.get_mut(&(kind.table, id)).unwrap().version += 1;
    }

    fn remove(&mut self, kind: &Kind, id: i64) {
        for (_, below) in kind.lines {
            self.of(below, Some(id)).into_iter().for_each(|it| self.remove(below, it));
        }
        self.rows.remove(&(kind.table, id));
    }

    fn judge(&self, kind: &Kind, id: i64, pointer: &str) -> Result<(), Refusal> {
        let row = &self.rows[&(kind.table, id)];
        let same = |it: &i64| self.rows[&(kind.table, *it)].value == row.value;
        let is_taken =
            kind.is_unique && self.of(kind, row.of).iter().filter(|it| same(it)).count() > 1;
        if is_taken { Err(Refusal::NotUnique(pointer.to_owned())) } else { Ok(()) }
    }
}

fn repetitions(kind: &Kind, body: &Value, pointer: &str, found: &mut Vec<String>) {
    for (name, kind) in kind.lines {
        let mut known = BTreeSet::new();
        // In the order in which the keys stand in the body.
        for (at, id) in list(body, name, "delete").iter().enumerate() {
            if !known.insert(id.as_i64().unwrap()) {
                found.push(format!("{pointer}/{name}/delete/{at} invalid"));
            }
        }
        for verb in ["create", "update"] {
            for (at, line) in list(body, name, verb).iter().enumerate() {
                let pointer = format!("{pointer}/{name}/{verb}/{at}");
                if verb == "update" && !known.insert(line["id"].as_i64().unwrap()) {
                    found.push(format!("{pointer}/id invalid"));
                }
                repetitions(kind, line, &pointer, found);
            }
        }
    }
}

fn list<'v>(body: &'v Value, name: &str, command: &str) -> &'v [Value] {
    body.get(name).and_then(|it| it.get(command)).and_then(Value::as_array).map_or(&[], |it| it)
}

fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim_start_matches('v').parse().ok())
}

/// Numbers that look like chance and come again with their seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(count).unwrap()).unwrap()
    }

    fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }

    /// A record and commands for its lines.
    fn record(
        &mut self,
        world: &World,
        kind: &Kind,
        of: Option<i64>,
        level: usize,
    ) -> Map<String, Value> {
        let mut body = Map::new();
        if of.is_none() || self.percent(40) {
            let value = self.below(5);
            let value =
                if kind.value == "number" { json!(value) } else { json!(format!("v{value}")) };
            body.insert(kind.value.to_owned(), value);
        }
        for (name, below) in kind.lines {
            if self.percent(if level == 0 { 90 } else { 55 }) {
                let commands = self.commands(world, below, of, level + 1);
                body.insert((*name).to_owned(), Value::Object(commands));
            }
        }
        body
    }

    fn commands(
        &mut self,
        world: &World,
        kind: &Kind,
        whole: Option<i64>,
        level: usize,
    ) -> Map<String, Value> {
        let mut commands = Map::new();
        let own = whole.map(|it| world.of(kind, Some(it))).unwrap_or_default();
        if whole.is_some() {
            let mut left = own.clone();
            let mut some = |chance: &mut Self| -> Option<i64> {
                let all = world.all(kind);
                if chance.percent(2) && !all.is_empty() {
                    return Some(all[chance.below(all.len())]);
                }
                if chance.percent(1) {
                    return Some(1_000_000);
                }
                (!left.is_empty()).then(|| left.remove(chance.below(left.len())))
            };
            let mut deleted = Vec::new();
            for _ in 0..self.below(3) {
                deleted.extend(some(self).filter(|_| own.len() > 1));
            }
            let mut updated = Vec::new();
            for _ in 0..self.below(4) {
                if let Some(id) = some(self) {
                    let mut line = self.record(world, kind, Some(id), level);
                    line.insert("id".to_owned(), json!(id));
                    updated.push(Value::Object(line));
                }
            }
            commands.insert("delete".to_owned(), json!(deleted));
            commands.insert("update".to_owned(), json!(updated));
        }
        let room = 4_usize.saturating_sub(own.len());
        let created = (0..self.below(3).min(room))
            .map(|_| Value::Object(self.record(world, kind, None, level)));
        commands.insert("create".to_owned(), created.collect());
        commands
    }
}
