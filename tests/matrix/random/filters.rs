//! Filters of every shape that the language has.

use crate::{
    chance::Chance,
    oracle::{Cell, Condition, Facts, Field, Kind, Op, Operand, Quantifier, Table, table},
    random::{People, cell},
};

/// What a filter is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purpose<'a> {
    /// A rule may name more macros, and asks of references only whether there is a record.
    pub(crate) is_rule: bool,
    /// Fields that it leaves alone.
    pub(crate) without: &'a [&'static str],
    pub(crate) people: &'a People,
    pub(crate) facts: &'a Facts,
}

/// A filter of at most this many levels.
pub(crate) fn filter(
    from: &mut Chance,
    of: &'static Table,
    levels: usize,
    to: Purpose<'_>,
) -> Condition {
    if levels == 0 {
        return leaf(from, of, to);
    }
    let inner = |from: &mut Chance| filter(from, of, levels - 1, to);
    match from.below(10) {
        0 | 1 => {
            let count = 1 + from.below(3);
            Condition::All((0..count).map(|_| inner(from)).collect())
        }
        2 | 3 => {
            let count = 1 + from.below(3);
            Condition::Any((0..count).map(|_| inner(from)).collect())
        }
        4 => inner(from).not(),
        5..=7 => relation(from, of, levels, to),
        _ => leaf(from, of, to),
    }
}

/// Something about records behind a to-many relation, where there is one.
pub(crate) fn among(from: &mut Chance, of: &'static Table, to: Purpose<'_>) -> Option<Condition> {
    let is_open = |it: &&Field| it.kind.is_to_many() && !to.without.contains(&it.name);
    let fields: Vec<&Field> = of.fields.iter().filter(is_open).collect();
    if fields.is_empty() {
        return None;
    }
    let field = *from.one(&fields);
    let inner = Box::new(leaf(from, table(field.kind.target()?), to));
    let how = *from.one(&[Quantifier::Some, Quantifier::Every, Quantifier::None]);
    Some(Condition::Among { field: field.name, how, inner })
}

/// Something about records behind a relation.
fn relation(from: &mut Chance, of: &'static Table, levels: usize, to: Purpose<'_>) -> Condition {
    let is_open = |it: &&Field| {
        // Who wrote last is not followed by the oracle.
        it.kind.target().is_some() && it.name != "updated_by" && !to.without.contains(&it.name)
    };
    let fields: Vec<&Field> = of.fields.iter().filter(is_open).collect();
    if fields.is_empty() {
        return leaf(from, of, to);
    }
    let field = *from.one(&fields);
    let target = table(field.kind.target().expect("it was asked for"));
    if from.percent(15) && !(to.is_rule && field.kind.is_to_many()) {
        return Condition::NoRecord { field: field.name, is_none: from.percent(50) };
    }
    let inner = Box::new(filter(from, target, levels - 1, to));
    if field.kind.is_to_many() {
        let how = *from.one(&[Quantifier::Some, Quantifier::Every, Quantifier::None]);
        return Condition::Among { field: field.name, how, inner };
    }
    Condition::Behind { field: field.name, inner }
}

/// Something about a column.
fn leaf(from: &mut Chance, of: &'static Table, to: Purpose<'_>) -> Condition {
    let is_open = |it: &&Field| {
        let is_usual = !it.is_fixed || it.name == "id" || it.name == "created_by";
        is_usual && !to.without.contains(&it.name)
    };
    let fields: Vec<&Field> = of.columns().filter(is_open).collect();
    let field = *from.one(&fields);
    let key = field.key;
    if field.is_optional && from.percent(20) {
        return Condition::Absent { key, is_absent: from.percent(50) };
    }
    if let Some((op, with)) = by_macro(from, of, field, to) {
        return Condition::Compare { key, op, with };
    }
    let value = |from: &mut Chance| loop {
        let found = match field.name {
            "id" => Cell::Int(
                to.facts
                    .ids(of.name)
                    .first()
                    .map_or(1, |it| it + i64::try_from(from.below(6)).expect("it is small")),
            ),
            _ => cell(from, to.people, to.facts, field),
        };
        match found {
            // There may be nothing to point at.
            Cell::Absent if to.facts.ids(field.kind.target().unwrap_or("users")).is_empty() => {
                break Cell::Int(1);
            }
            Cell::Absent => {}
            found => break found,
        }
    };
    let equal = [Op::Eq, Op::Eq, Op::Ne, Op::In, Op::Nin];
    let ordered = [Op::Lt, Op::Lte, Op::Gt, Op::Gte, Op::Between, Op::Eq, Op::Ne, Op::In];
    let texts = [Op::Starts, Op::Contains, Op::Ilike, Op::Gte, Op::Eq, Op::Ne, Op::Nin];
    let op = match field.kind {
        Kind::Int | Kind::Money => *from.one(&ordered),
        Kind::Text => *from.one(&texts),
        _ => *from.one(&equal),
    };
    let with = match op {
        Op::In | Op::Nin => {
            let count = from.below(4);
            Operand::Cells((0..count).map(|_| value(from)).collect())
        }
        Op::Between => Operand::Cells((0..2).map(|_| value(from)).collect()),
        _ => Operand::Cell(value(from)),
    };
    Condition::Compare { key, op, with }
}

/// A macro, often, where one fits.
fn by_macro(
    from: &mut Chance,
    of: &Table,
    field: &Field,
    to: Purpose<'_>,
) -> Option<(Op, Operand)> {
    let points_at = match (field.kind, field.name) {
        (Kind::One(target), _) => target,
        (_, "id") => of.name,
        _ => return None,
    };
    if !from.percent(60) {
        return None;
    }
    let alone = if from.percent(75) { Op::Eq } else { Op::Ne };
    let listed = if from.percent(75) { Op::In } else { Op::Nin };
    match points_at {
        "users" => Some((alone, Operand::Macro("me"))),
        "companies" if to.is_rule && from.percent(50) => {
            Some((alone, Operand::Macro("my_company")))
        }
        "companies" if to.is_rule => Some((listed, Operand::Macros("my_companies"))),
        "roles" if to.is_rule => Some((listed, Operand::Macros("my_roles"))),
        _ => None,
    }
}
