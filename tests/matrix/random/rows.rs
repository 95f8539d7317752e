//! Rows in which everything optional may be absent.

use crate::{
    chance::Chance,
    oracle::{Cell, Facts, Field, Kind, Row, WORLD, table},
};

const WORDS: [&str; 7] = ["oak", "elm", "ash", "oaken", "fir", "yew", "elder"];

/// Those whom rows name, and where they work: they stay while all else changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct People {
    pub(crate) users: Vec<i64>,
    pub(crate) companies: Vec<i64>,
    pub(crate) roles: Vec<i64>,
}

/// Fresh rows of the tables of these tests, numbered from `first` on; the others stay as they are.
pub(crate) fn rows(from: &mut Chance, people: &People, facts: &mut Facts, first: i64) {
    facts.tagged.clear();
    for name in WORLD {
        facts.rows.insert(name, Default::default());
    }
    // Targets before those that point at them.
    for (name, count) in
        [("spaces", 5), ("tags", 4), ("notes", 10), ("note_lines", 8), ("diaries", 6)]
    {
        for id in (first..).take(count) {
            let row = row(from, (name, people), facts, id);
            facts.rows.entry(name).or_default().insert(id, row);
        }
    }
    for note in facts.ids("notes") {
        let tags = from.some(&facts.ids("tags"), 35);
        facts.tagged.extend(tags.into_iter().map(|it| (note, it)));
    }
}

fn row(from: &mut Chance, (name, people): (&str, &People), facts: &Facts, id: i64) -> Row {
    let mut row = Row::from([("id", Cell::Int(id)), ("version", Cell::Int(1))]);
    for field in table(name).columns().filter(|it| !it.is_fixed || it.name == "created_by") {
        row.insert(field.key, cell(from, people, facts, field));
    }
    row
}

/// A value of a field.
pub(crate) fn cell(from: &mut Chance, people: &People, facts: &Facts, field: &Field) -> Cell {
    if (field.is_optional || field.is_fixed) && from.percent(25) {
        return Cell::Absent;
    }
    let number = |from: &mut Chance, below| i64::try_from(from.below(below)).expect("it is small");
    let one = |from: &mut Chance, ids: &[i64]| match ids {
        [] => Cell::Absent,
        ids => Cell::Int(*from.one(ids)),
    };
    match field.kind {
        Kind::Bool => Cell::Bool(from.percent(60)),
        Kind::Int => Cell::Int(number(from, 5)),
        Kind::Money => Cell::Money(number(from, 6) * 50),
        Kind::Text => Cell::Text((*from.one(&WORDS)).to_owned()),
        Kind::One("users") => one(from, &people.users),
        Kind::One("companies") => one(from, &people.companies),
        Kind::One("roles") => one(from, &people.roles),
        Kind::One(target) => one(from, &facts.ids(target)),
        other => panic!("{other:?} is no column to write"),
    }
}
