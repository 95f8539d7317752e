//! Rows as they came, ready to become JSON or records.

use std::{ops::Range, sync::Arc};

use crate::{
    Error, Model, Record, Result, Session,
    engine::branch::Branch,
    expansion::Part,
    json,
    loaded::Loading,
    pg::Row,
    schema::{FieldSet, SchemaField, SchemaModel},
    sql::Text,
};

/// Rows of one statement.
pub struct Rows {
    pub(crate) text: Arc<Text>,
    pub(crate) list: Vec<Row>,
    /// What each row has at the other end of to-many fields.
    linked: Vec<Linked>,
    /// What stands behind relations of each row.
    branches: Vec<Branch>,
}

/// The ids at the other end of a to-many field.
struct Linked {
    /// `"tag_ids":`, escaped once.
    key: Vec<u8>,
    lists: Vec<Vec<i64>>,
    /// For each row, its list.
    of_row: Vec<usize>,
}

/// What a write left behind.
pub struct Written {
    /// The record as it stands now.
    pub(crate) rows: Rows,
    /// Whether its writer may read it.
    pub is_visible: bool,
    /// Its key.
    pub id: i64,
    /// Its version.
    pub version: i64,
}

impl Rows {
    /// The rows of a statement.
    pub(crate) fn of(text: Arc<Text>, list: Vec<Row>) -> Self {
        Self { text, list, linked: Vec::new(), branches: Vec::new() }
    }

    /// Puts what a to-many field of each row leads to behind its columns.
    pub(crate) fn link(&mut self, field: &SchemaField, lists: Vec<Vec<i64>>, of_row: Vec<usize>) {
        let mut key = Vec::new();
        json::key(&mut key, field.def.key);
        self.linked.push(Linked { key, lists, of_row });
    }

    /// Puts what stands behind a relation before what stands behind others.
    pub(crate) fn put_first(&mut self, branch: Branch) {
        self.branches.insert(0, branch);
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The rows as JSON objects with commas between them.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        self.write_some(0..self.list.len(), out);
    }

    /// The same of some of them.
    pub(crate) fn write_some(&self, rows: Range<usize>, out: &mut Vec<u8>) {
        let first = rows.start;
        for at in rows {
            if at > first {
                out.push(b',');
            }
            self.text.layout.write(&self.list[at], None, out);
            for linked in &self.linked {
                reopen(out);
                linked.write(at, out);
                out.push(b'}');
            }
            for branch in &self.branches {
                reopen(out);
                branch.write(at, out);
                out.push(b'}');
            }
        }
    }

    /// The rows as records.
    pub(crate) fn into_records<M: Model>(self, session: &Session) -> Result<Vec<Record<M>>> {
        self.into_records_with(&[], session)
    }

    /// The rows as records with what was loaded with them: `parts` were asked for, in this order.
    pub(crate) fn into_records_with<M: Model>(
        self,
        parts: &[Part],
        session: &Session,
    ) -> Result<Vec<Record<M>>> {
        let Self { text, list, branches, .. } = self;
        let branches = branches.into_iter().zip(parts);
        let branches: Vec<Loading> =
            branches.map(|(branch, part)| part.load(branch, session)).collect::<Result<_>>()?;
        let record = |(at, row)| {
            let record = Record::<M>::of(row, text.clone(), session)?;
            Ok(record.with_loaded(branches.iter().map(|it| it.of_row(at)).collect()))
        };
        list.into_iter().enumerate().map(record).collect()
    }

    /// The position of a field that was read, by declared name.
    pub(crate) fn position(&self, model: &SchemaModel, name: &str) -> Result<usize> {
        let at = model.field(name).and_then(|it| self.text.layout.position(it.id));
        at.ok_or_else(|| Error::broken(format!("{name} was not read")))
    }

    /// An integer field of the first row.
    pub(crate) fn int(&self, model: &SchemaModel, name: &str) -> Result<i64> {
        self.list.first().ok_or_else(Error::missing)?.int(self.position(model, name)?)
    }

    /// The integer behind the written columns of the first row: a version or a flag.
    pub(crate) fn extra(&self, at: usize) -> Result<i64> {
        let row = self.list.first().ok_or_else(Error::missing)?;
        row.int(self.text.layout.len() + at)
    }
}

impl Linked {
    /// The list of a row as an entry of its object.
    fn write(&self, row: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key);
        out.push(b'[');
        for (at, id) in self.lists[self.of_row[row]].iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            json::integer(out, *id);
        }
        out.push(b']');
    }
}

/// Opens an object that was just closed, for another entry.
pub(crate) fn reopen(out: &mut Vec<u8>) {
    out.pop();
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
}

impl Written {
    /// These fields of the record as a JSON object.
    pub fn write_json(&self, fields: &FieldSet, out: &mut Vec<u8>) {
        let layout = &self.rows.text.layout;
        self.rows.list.iter().for_each(|row| layout.write(row, Some(fields), out));
    }

    pub(crate) fn into_record<M: Model>(self, session: &Session) -> Result<Record<M>> {
        let record = self.rows.into_records(session)?.pop().ok_or_else(Error::missing)?;
        Ok(if self.is_visible { record } else { record.out_of_sight() })
    }
}
