//! A record as a row holds it: every column of its model, whatever stands before them.

use crate::{
    Cells, Error, Extension, Model, Result, Value,
    pg::Row,
    record::read_extension,
    schema::{FieldId, SchemaModel},
};

/// Every column of one record.
#[derive(Debug, Clone)]
pub(crate) struct Snapshot {
    row: Row,
    /// The position of the first column.
    at: usize,
}

impl Snapshot {
    /// The columns of `row` from position `at` on.
    pub(crate) fn new(row: Row, at: usize) -> Self {
        Self { row, at }
    }

    /// The row itself, whatever stands before and behind the columns.
    pub(crate) fn row(&self) -> &Row {
        &self.row
    }

    /// The same, taken.
    pub(crate) fn into_row(self) -> Row {
        self.row
    }

    /// The key of the record.
    pub(crate) fn id(&self) -> Result<i64> {
        self.row.int(self.at)
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When it has no column, or one of another type: a table that is not ours.
    pub(crate) fn value(&self, model: &SchemaModel, field: FieldId) -> Result<Value> {
        let at = model.columns().position(|it| it.id == field);
        let at = at.ok_or_else(|| Error::broken("a field without a column was asked for"))?;
        let read = model.at(field).def.kind.rules().read;
        self.row.raw(self.at + at).map_or(Ok(Value::Null), read)
    }

    /// The record that this one is a part of.
    pub(crate) fn whole(&self, model: &SchemaModel) -> Result<Option<i64>> {
        let whole = model.parent.map(|it| self.value(model, it)).transpose()?;
        Ok(whole.and_then(|it| it.as_int()))
    }

    /// The author's struct.
    pub(crate) fn read<M: Model>(&self, model: &SchemaModel) -> Result<M> {
        M::read(&mut self.cells(model))
    }

    /// What an extension keeps of the record.
    pub(crate) fn read_extension<E: Extension>(&self, model: &SchemaModel) -> Result<E> {
        read_extension(&self.row, self.at, model)
    }

    /// The values of the author's fields, in the order of declaration.
    pub(crate) fn cells<'a>(&'a self, model: &'a SchemaModel) -> Cells<'a> {
        // Key and version stand before them.
        Cells::new(&self.row, &model.fields()[2..], self.at + 2)
    }
}
