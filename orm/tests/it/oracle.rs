//! What a filter means, worked out once more over plain rows in memory.
//!
//! **Invariant:** nothing in here knows the engine's filters: both read the same JSON text, and
//! whoever is right, they are not right by the same code.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::oracle::compare::compares;

mod cell;
mod choices;
mod compare;
mod generate;
mod populate;
mod tables;

pub(crate) use crate::oracle::{
    cell::{Cell, Sort},
    choices::Choices,
    generate::{filter, operators, world},
    populate::populate,
    tables::{Field, Relation, columns, relations},
};

/// Everything that a database holds, and who may see what of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) tables: BTreeMap<&'static str, BTreeMap<i64, Row>>,
    /// Books and their tags.
    pub(crate) links: Vec<(i64, i64)>,
    /// The rows that may be read, of tables that have a rule; the others all.
    pub(crate) rules: BTreeMap<&'static str, Value>,
    /// What `@me` stands for.
    pub(crate) me: Option<i64>,
    /// What `@mine` stands for.
    pub(crate) mine: Vec<i64>,
}

/// The columns of a row by key; one that is not in it is absent.
pub(crate) type Row = BTreeMap<&'static str, Cell>;

/// Which rows lie behind a relation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sight {
    /// Those that may be read.
    Caller,
    /// All that there are: what a rule sees.
    Rule,
}

impl World {
    /// The rows of a table that may be read and pass.
    pub(crate) fn found(&self, table: &'static str, filter: &Value) -> Vec<i64> {
        let is_found = |it: &i64| {
            self.is_visible(table, *it) && self.passes(table, Some(*it), filter, Sight::Caller)
        };
        self.ids(table).filter(is_found).collect()
    }

    /// The rows of a table that may be read.
    pub(crate) fn visible(&self, table: &'static str) -> Vec<i64> {
        self.ids(table).filter(|it| self.is_visible(table, *it)).collect()
    }

    fn ids(&self, table: &str) -> impl Iterator<Item = i64> {
        self.tables.get(table).into_iter().flat_map(|it| it.keys().copied())
    }

    fn is_visible(&self, table: &'static str, id: i64) -> bool {
        if let Some((parent, key)) = tables::parent(table) {
            let Cell::Int(parent_id) = self.cell(table, Some(id), key) else { return false };
            return self.is_visible(parent, parent_id);
        }
        let rule = self.rules.get(table);
        rule.is_none_or(|it| self.passes(table, Some(id), it, Sight::Rule))
    }

    /// Whether a row passes; `None` is a row of absent values.
    fn passes(&self, table: &'static str, row: Option<i64>, filter: &Value, sight: Sight) -> bool {
        filter.as_object().unwrap().iter().all(|(key, value)| {
            let part = |it: &Value| self.passes(table, row, it, sight);
            match &**key {
                "and" => value.as_array().unwrap().iter().all(part),
                "or" => value.as_array().unwrap().iter().any(part),
                "not" => !part(value),
                name => self.holds(table, row, (name, value), sight),
            }
        })
    }

    fn holds(
        &self,
        table: &'static str,
        row: Option<i64>,
        (name, value): (&str, &Value),
        sight: Sight,
    ) -> bool {
        if let Some(field) = columns(table).iter().find(|it| it.key == name) {
            return self.column_holds(field.sort, &self.cell(table, row, name), value);
        }
        let relation = relations(table).iter().find(|it| it.name == name).unwrap();
        let behind = self.behind(table, row, relation, sight);
        let inside = |id: Option<i64>, it: &Value| self.passes(relation.table, id, it, sight);
        let asked = value.as_object().unwrap();
        if relation.is_to_one() && !(asked.len() == 1 && asked.contains_key("null")) {
            return inside(behind.first().copied(), value);
        }
        asked.iter().all(|(quantifier, it)| match &**quantifier {
            "null" => behind.is_empty() == it.as_bool().unwrap(),
            "some" => behind.iter().any(|id| inside(Some(*id), it)),
            "every" => behind.iter().all(|id| inside(Some(*id), it)),
            "none" => !behind.iter().any(|id| inside(Some(*id), it)),
            other => panic!("a filter was made with the quantifier {other}"),
        })
    }

    fn column_holds(&self, sort: Sort, cell: &Cell, value: &Value) -> bool {
        let Some(operators) = value.as_object() else {
            return compares(self, sort, cell, ("eq", value));
        };
        operators.iter().all(|(op, operand)| match &**op {
            "null" => (*cell == Cell::Absent) == operand.as_bool().unwrap(),
            op => compares(self, sort, cell, (op, operand)),
        })
    }

    fn cell(&self, table: &str, row: Option<i64>, key: &str) -> Cell {
        let Some(id) = row else { return Cell::Absent };
        match key {
            "id" => Cell::Int(id),
            key => self.tables[table][&id].get(key).cloned().unwrap_or(Cell::Absent),
        }
    }

    /// The rows behind a relation, as far as they are seen.
    fn behind(
        &self,
        table: &'static str,
        row: Option<i64>,
        relation: &Relation,
        sight: Sight,
    ) -> Vec<i64> {
        let Some(id) = row else { return Vec::new() };
        let mut all: Vec<i64> = match relation.field {
            Field::One { key } => match self.cell(table, row, key) {
                Cell::Int(it) => vec![it],
                _ => Vec::new(),
            },
            Field::Back { key } => {
                let points_here =
                    |it: &i64| self.cell(relation.table, Some(*it), key) == Cell::Int(id);
                self.ids(relation.table).filter(points_here).collect()
            }
            Field::Tags => self.links.iter().filter(|it| it.0 == id).map(|it| it.1).collect(),
            Field::Tagged => self.links.iter().filter(|it| it.1 == id).map(|it| it.0).collect(),
        };
        all.retain(|it| sight == Sight::Rule || self.is_visible(relation.table, *it));
        all
    }
}
