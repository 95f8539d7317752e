//! What the operators mean for one value.

use orm::chrono::{DateTime, Datelike, Days, NaiveTime, Utc};
use serde_json::Value;

use crate::{
    oracle::{
        World,
        cell::{Cell, Sort},
    },
    stage::now,
};

/// Whether a comparison holds; with an absent value on either side only the opposites do.
pub(super) fn compares(
    world: &World,
    sort: Sort,
    cell: &Cell,
    (op, operand): (&str, &Value),
) -> bool {
    match op {
        "ne" => return !compares(world, sort, cell, ("eq", operand)),
        "nin" => return !compares(world, sort, cell, ("in", operand)),
        _ => {}
    }
    if *cell == Cell::Absent {
        return false;
    }
    let is = |test: fn(&Cell, &Cell) -> bool| {
        let other = value(world, sort, operand);
        other != Cell::Absent && test(cell, &other)
    };
    let items = || match operand.as_str() {
        Some("@mine") => world.mine.iter().map(|it| Cell::Int(*it)).collect(),
        _ => operand.as_array().unwrap().iter().map(|it| value(world, sort, it)).collect(),
    };
    let text = || operand.as_str().unwrap();
    let own = || match cell {
        Cell::Text(it) => &**it,
        _ => panic!("{op} of {cell:?}"),
    };
    match op {
        "eq" => is(|a, b| a == b),
        "lt" => is(|a, b| a < b),
        "lte" => is(|a, b| a <= b),
        "gt" => is(|a, b| a > b),
        "gte" => is(|a, b| a >= b),
        "in" => {
            let items: Vec<Cell> = items();
            items.contains(cell)
        }
        "between" => {
            let items: Vec<Cell> = items();
            !items.contains(&Cell::Absent) && items[0] <= *cell && *cell <= items[1]
        }
        "like" => is_like(own(), text()),
        "ilike" => is_like(&own().to_lowercase(), &text().to_lowercase()),
        "starts" => own().starts_with(text()),
        "contains" => own().contains(text()),
        other => panic!("a filter was made with the operator {other}"),
    }
}

/// A value, or what a macro stands for.
fn value(world: &World, sort: Sort, json: &Value) -> Cell {
    match (sort, json.as_str().and_then(|it| it.strip_prefix('@'))) {
        (Sort::Key, Some("me")) => world.me.map_or(Cell::Absent, Cell::Int),
        (Sort::Day, Some(name)) => Cell::Day(moment(name).date_naive()),
        (Sort::Moment, Some(name)) => Cell::Moment(moment(name)),
        _ => Cell::of(sort, json),
    }
}

fn moment(name: &str) -> DateTime<Utc> {
    let midnight = now().date_naive().and_time(NaiveTime::MIN).and_utc();
    match name {
        "now" => now(),
        "today" => midnight,
        "today-7d" => midnight.checked_sub_days(Days::new(7)).unwrap(),
        "start_of_month" => midnight.with_day(1).unwrap(),
        other => panic!("a filter was made with the macro {other}"),
    }
}

/// `%` stands for any text and `_` for any one character; nothing else is special.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut rest = text.chars();
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('%') => {
            let behind = &pattern[1..];
            let mut starts = text.char_indices().map(|it| it.0).chain([text.len()]);
            starts.any(|at| is_like(&text[at..], behind))
        }
        Some(wanted) => {
            let found = rest.next();
            found.is_some_and(|it| wanted == '_' || it == wanted)
                && is_like(rest.as_str(), &pattern[wanted.len_utf8()..])
        }
    }
}
