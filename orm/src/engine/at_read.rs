//! Computed fields that are worked out at read, from columns of the same record.

use std::panic::{self, AssertUnwindSafe};

use crate::{
    ComputeSort, FieldDef, Result, Value,
    field::{Function, Input},
    json,
    pg::Row,
    schema::{FieldId, SchemaField, SchemaModel},
};

/// A field that is worked out at read, and its value in each row.
pub(crate) struct Worked {
    pub(crate) field: FieldId,
    def: &'static FieldDef,
    values: Vec<Value>,
}

impl Worked {
    /// Works a field out for rows whose columns stand where `position` says.
    ///
    /// # Errors
    /// When an input was not read, or is of another type: a table that is not ours.
    pub(crate) fn of(
        model: &SchemaModel,
        field: &SchemaField,
        rows: &[Row],
        position: impl Fn(FieldId) -> Option<usize>,
    ) -> Result<Self> {
        let values = rows.iter().map(|row| value(model, field, row, &position));
        Ok(Self { field: field.id, def: field.def, values: values.collect::<Result<_>>()? })
    }

    /// The value in a row as an entry of its object.
    pub(crate) fn write(&self, row: usize, out: &mut Vec<u8>) {
        json::key(out, self.def.key);
        match self.values.get(row) {
            Some(value) => json::field(out, self.def, value),
            None => out.extend_from_slice(b"null"),
        }
    }
}

/// The columns that a field which is worked out at read follows from.
pub(crate) fn inputs<'m>(
    model: &'m SchemaModel,
    field: &SchemaField,
) -> impl Iterator<Item = &'m SchemaField> {
    let names = field.def.compute.as_ref().map_or(&[] as &[_], |it| it.inputs);
    names.iter().filter_map(|it| model.field(it))
}

/// What a field is in a row.
///
/// A function that has no answer panics, as arithmetic does that has no room: then the field is
/// absent, and the log says so. Nobody can mend the values by not reading them.
pub(crate) fn value(
    model: &SchemaModel,
    field: &SchemaField,
    row: &Row,
    position: &impl Fn(FieldId) -> Option<usize>,
) -> Result<Value> {
    let Some(Function { call, .. }) = field.def.compute.as_ref().and_then(|it| match &it.sort {
        ComputeSort::Read(function) => Some(function),
        ComputeSort::Stored(_) | ComputeSort::Sql(_) => None,
    }) else {
        return Ok(Value::Null);
    };
    let mut given = Vec::new();
    for input in inputs(model, field) {
        let raw = position(input.id).and_then(|at| row.raw(at));
        given.push(Input::One(raw.map_or(Ok(Value::Null), input.def.kind.rules().read)?));
    }
    let called = AssertUnwindSafe(|| call(given));
    panic::catch_unwind(called).unwrap_or_else(|_| {
        let (model, field) = (model.def.table, field.def.name);
        tracing::error!(model, field, "a field that is worked out at read panicked");
        Ok(Value::Null)
    })
}
