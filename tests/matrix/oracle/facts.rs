//! Raw rows, as the tables hold them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

/// Everything that the tables hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// Rows by table and id.
    pub(crate) rows: BTreeMap<&'static str, BTreeMap<i64, Row>>,
    /// Which note has which tag.
    pub(crate) tagged: BTreeSet<(i64, i64)>,
}

/// The columns of a row by key; one that is not in it is absent.
pub(crate) type Row = BTreeMap<&'static str, Cell>;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Absent,
    Bool(bool),
    Int(i64),
    /// In hundredths.
    Money(i64),
    Text(String),
}

impl Facts {
    /// One column of a row; of no row, absent.
    pub(crate) fn cell(&self, table: &str, row: Option<i64>, key: &str) -> Cell {
        let Some(id) = row else { return Cell::Absent };
        if key == "id" {
            return Cell::Int(id);
        }
        let row = self.rows.get(table).and_then(|it| it.get(&id));
        row.and_then(|it| it.get(key)).cloned().unwrap_or(Cell::Absent)
    }

    pub(crate) fn ids(&self, table: &str) -> Vec<i64> {
        self.rows.get(table).into_iter().flat_map(|it| it.keys().copied()).collect()
    }

    pub(crate) fn has(&self, table: &str, id: i64) -> bool {
        self.rows.get(table).is_some_and(|it| it.contains_key(&id))
    }

    /// Adds one to the version of a row.
    pub(crate) fn raise(&mut self, table: &'static str, id: i64) {
        let Cell::Int(version) = self.cell(table, Some(id), "version") else { return };
        self.set(table, id, "version", Cell::Int(version + 1));
    }

    pub(crate) fn set(&mut self, table: &'static str, id: i64, key: &'static str, cell: Cell) {
        self.rows.entry(table).or_default().entry(id).or_default().insert(key, cell);
    }

    /// Takes a row away, with what goes with it.
    pub(crate) fn remove(&mut self, table: &'static str, id: i64) {
        self.rows.entry(table).or_default().remove(&id);
        if table == "notes" {
            let lines = self.rows.entry("note_lines").or_default();
            lines.retain(|_, it| it.get("note_id") != Some(&Cell::Int(id)));
        }
        self.tagged
            .retain(|it| (table != "notes" || it.0 != id) && (table != "tags" || it.1 != id));
    }
}

impl Cell {
    /// As JSON has it.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Absent => Value::Null,
            Self::Bool(it) => json!(it),
            Self::Int(it) => json!(it),
            Self::Money(it) => {
                let sign = if *it < 0 { "-" } else { "" };
                json!(format!("{sign}{}.{:02}", it.abs() / 100, it.abs() % 100))
            }
            Self::Text(it) => json!(it),
        }
    }

    pub(crate) fn int(&self) -> Option<i64> {
        if let Self::Int(it) = self { Some(*it) } else { None }
    }
}
