//! Worlds and filters out of numbers. Values are few, so that they meet.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::oracle::{
    Choices, Relation, Row, World,
    cell::{Cell, Sort},
    columns, relations,
};

const TEXTS: &[&str] = &[
    "a", "b", "A", "ab", "", "a%b", "a_b", "a\\b", "%", "_", "\\", "ab\\", "я", "Я", "it's",
    "a\nb", "@me", "a%", "\\%",
];
const PATTERNS: &[&str] = &[
    "a%", "%b", "%", "_", "__", "", "a_b", "a\\%", "%\\", "\\", "\\_", "A%", "%я%", "я", "%%b",
    "_%_", "a\\b", "\\%", "%'%",
];
const DAYS: &[&str] = &["2026-03-31", "2026-03-24", "2026-03-01", "2025-12-31"];
const MOMENTS: &[&str] = &[
    "2026-03-31T13:14:15Z",
    "2026-03-31T00:00:00Z",
    "2026-03-24T02:00:00+02:00",
    "2026-03-30T23:59:59.999999Z",
];

/// The rows of a small library, the rules on them, and who asks.
pub(crate) fn world(numbers: &[u16]) -> World {
    let from = &mut Choices::of(numbers);
    let mut world = World::default();
    for (table, most) in [("genres", 3), ("authors", 3), ("tags", 4), ("books", 7), ("chapters", 6)]
    {
        let last = 2 + from.below(most);
        let rows: BTreeMap<i64, Row> =
            (1..=last).map(|id| (id as i64, row(from, &world, (table, id)))).collect();
        world.tables.insert(table, rows);
    }
    for _ in 0..from.below(8) {
        let link = (key_of(from, &world, "books"), key_of(from, &world, "tags"));
        if !world.links.contains(&link) {
            world.links.push(link);
        }
    }
    for table in ["genres", "authors", "tags", "books"] {
        if from.rarely(3) {
            let rule = filter(from, table, 2);
            world.rules.insert(table, rule);
        }
    }
    world.me = (from.below(2) == 1).then_some(1);
    world.mine = (0..from.below(3)).map(|_| 1 + from.below(3) as i64).collect();
    world
}

/// A row in which everything optional may be absent.
fn row(from: &mut Choices<'_>, world: &World, (table, id): (&'static str, usize)) -> Row {
    let mut row = Row::new();
    for column in columns(table).iter().filter(|it| it.key != "id") {
        let cell = match (table, column.key) {
            ("books", "author_id") => Cell::Int(key_of(from, world, "authors")),
            ("chapters", "book_id") => Cell::Int(key_of(from, world, "books")),
            // No two may be the same.
            ("genres" | "tags", "name") => Cell::Text(TEXTS[id].into()),
            ("chapters", "number") => Cell::Int(id as i64),
            (_, "name" | "is_open") | ("books", "title") => {
                Cell::of(column.sort, &value(from, column.sort))
            }
            _ if from.rarely(3) => Cell::Absent,
            ("books", "genre_id") => Cell::Int(key_of(from, world, "genres")),
            ("genres", "parent_id") => Cell::Int(1 + from.below(id) as i64),
            _ => Cell::of(column.sort, &value(from, column.sort)),
        };
        row.insert(column.key, cell);
    }
    row
}

fn key_of(from: &mut Choices<'_>, world: &World, table: &str) -> i64 {
    1 + from.below(world.tables[table].len()) as i64
}

/// A filter on the rows of a table, in JSON.
pub(crate) fn filter(from: &mut Choices<'_>, table: &str, depth: usize) -> Value {
    let kinds = if depth == 0 { 3 } else { 12 };
    let mut whole = Map::new();
    match from.below(kinds) {
        0 | 1 => {
            let (key, value) = condition(from, table);
            whole.insert(key, value);
        }
        // Several keys are and-ed.
        2 => {
            for _ in 0..from.below(4) {
                let (key, value) = condition(from, table);
                whole.insert(key, value);
            }
        }
        3 | 4 => _ = whole.insert("and".into(), list(from, table, depth - 1)),
        5 | 6 => _ = whole.insert("or".into(), list(from, table, depth - 1)),
        7 | 8 => _ = whole.insert("not".into(), filter(from, table, depth - 1)),
        _ => {
            let relation = from.one(relations(table));
            whole.insert(relation.name.into(), behind(from, relation, depth - 1));
        }
    }
    Value::Object(whole)
}

fn list(from: &mut Choices<'_>, table: &str, depth: usize) -> Value {
    (0..from.below(4)).map(|_| filter(from, table, depth)).collect()
}

/// What is asked of the rows behind a relation.
fn behind(from: &mut Choices<'_>, relation: &Relation, depth: usize) -> Value {
    if from.rarely(5) {
        return json!({"null": from.below(2) == 0});
    }
    let inner = filter(from, relation.table, depth);
    match relation.is_to_one() {
        true => inner,
        false => {
            let quantifier = *from.one(&["some", "every", "none"]);
            json!({quantifier: inner})
        }
    }
}

/// A condition on a column.
fn condition(from: &mut Choices<'_>, table: &str) -> (String, Value) {
    let column = from.one(columns(table));
    let value = match from.below(8) {
        0 => operand(from, column.sort),
        1 => json!({"null": from.below(2) == 0}),
        // Several operators are and-ed.
        2 => {
            let mut both = Map::new();
            for _ in 0..2 {
                let (op, value) = comparison(from, column.sort);
                both.insert(op.into(), value);
            }
            Value::Object(both)
        }
        _ => {
            let (op, value) = comparison(from, column.sort);
            json!({op: value})
        }
    };
    (column.key.into(), value)
}

fn comparison(from: &mut Choices<'_>, sort: Sort) -> (&'static str, Value) {
    let op = *from.one(operators(sort));
    let value = match op {
        "like" | "ilike" => json!(from.one(PATTERNS)),
        "starts" | "contains" => json!(from.one(TEXTS)),
        "in" | "nin" if sort == Sort::Key && from.rarely(3) => json!("@mine"),
        "in" | "nin" => (0..from.below(4)).map(|_| operand(from, sort)).collect(),
        "between" => (0..2).map(|_| operand(from, sort)).collect(),
        _ => operand(from, sort),
    };
    (op, value)
}

/// What a sort can be compared by.
pub(crate) fn operators(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Bool => &["eq", "ne", "in", "nin"],
        Sort::Choice | Sort::Key | Sort::Uuid => &["eq", "ne", "in", "nin"],
        Sort::Text => &[
            "eq", "ne", "lt", "lte", "gt", "gte", "in", "nin", "like", "ilike", "starts",
            "contains", "between",
        ],
        _ => &["eq", "ne", "lt", "lte", "gt", "gte", "in", "nin", "between"],
    }
}

/// What a column of this sort may be compared with.
fn operand(from: &mut Choices<'_>, sort: Sort) -> Value {
    match sort {
        Sort::Key if from.rarely(4) => json!("@me"),
        // More places than the column has.
        Sort::Decimal if from.rarely(5) => json!("1.505"),
        Sort::Day | Sort::Moment if from.rarely(3) => {
            json!(from.one(&["@today", "@now", "@today-7d", "@start_of_month"]))
        }
        sort => value(from, sort),
    }
}

/// A value that a column of this sort may hold.
fn value(from: &mut Choices<'_>, sort: Sort) -> Value {
    match sort {
        Sort::Text => json!(from.one(TEXTS)),
        Sort::Choice => json!(from.one(&["shelf", "lent", "lost"])),
        Sort::Int => json!(1 + from.below(5)),
        Sort::Decimal => from.one(&[json!("1.50"), json!(1.5), json!("2"), json!(-3)]).clone(),
        Sort::Bool => json!(from.below(2) == 0),
        Sort::Day => json!(from.one(DAYS)),
        Sort::Moment => json!(from.one(MOMENTS)),
        Sort::Key => json!(1 + from.below(4)),
        Sort::Float | Sort::Clock | Sort::Uuid => panic!("{sort:?} is tried elsewhere"),
    }
}
