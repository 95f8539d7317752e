//! Records that were loaded with others, and how each of those finds its own.

use std::{any::Any, sync::Arc};

use crate::{
    Model, Record, Result, Session,
    engine::{Branch, Stem, write_entry},
    expansion::Part,
    schema::{FieldId, FieldSet},
};

/// The records of one relation of many rows.
pub(crate) struct Loading {
    stem: Stem,
    /// For each group of the stem, its records; any number of rows may have the same.
    groups: Vec<Arc<dyn Records>>,
}

/// The records of one relation of one record.
pub(crate) struct Loaded {
    field: FieldId,
    name: &'static str,
    is_one: bool,
    has_more: bool,
    records: Arc<dyn Records>,
}

/// A list of records of some model.
trait Records: Send + Sync {
    fn as_any(&self) -> &dyn Any;

    /// As JSON objects with commas between them.
    fn write_json(&self, out: &mut Vec<u8>);
}

impl<T: Model> Records for Vec<Record<T>> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        for (at, record) in self.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            record.write_json(out);
        }
    }
}

/// Records of the rows of a branch.
pub(crate) fn load<T: Model>(
    Branch { stem, rows }: Branch,
    parts: &[Part],
    session: &Session,
) -> Result<Loading> {
    let mut records = rows.into_records_with::<T>(parts, session)?.into_iter();
    let group = |size| -> Arc<dyn Records> {
        Arc::new(records.by_ref().take(size).collect::<Vec<Record<T>>>())
    };
    let groups = stem.groups.iter().map(|it| it.len()).map(group).collect();
    Ok(Loading { stem, groups })
}

impl Loading {
    /// What the row at a position has.
    pub(crate) fn of_row(&self, row: usize) -> Loaded {
        let at = self.stem.group(row);
        Loaded {
            field: self.stem.field,
            name: self.stem.name,
            is_one: self.stem.is_one,
            has_more: self.stem.groups[at].has_more,
            records: self.groups[at].clone(),
        }
    }
}

impl Loaded {
    /// The records, if they are those of the relation with this declared name.
    pub(crate) fn of<T: Model>(&self, name: &str) -> Option<&[Record<T>]> {
        let records = Some(&self.records).filter(|_| self.name == name)?;
        records.as_any().downcast_ref::<Vec<Record<T>>>().map(Vec::as_slice)
    }

    /// Whether whoever may read these fields may see it.
    pub(crate) fn is_open(&self, readable: Option<&FieldSet>) -> bool {
        readable.is_none_or(|it| it.contains(self.field))
    }

    /// As entries of its record's object.
    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        write_entry(out, (self.name, self.is_one), self.has_more, |out| {
            self.records.write_json(out);
        });
    }
}
