//! The columns of a statement's rows, and how each becomes JSON.

use crate::{
    Kind, json,
    pg::Row,
    schema::{FieldId, FieldSet, SchemaModel},
};

/// One writer per column, chosen once per statement.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    columns: Vec<LayoutColumn>,
}

struct LayoutColumn {
    field: FieldId,
    kind: Kind,
    /// `"price":`, escaped once.
    key: Box<[u8]>,
    write: fn(&[u8], &mut Vec<u8>),
}

impl Layout {
    /// Rows that begin with these fields of a model.
    pub(crate) fn of(model: &SchemaModel, fields: impl Iterator<Item = FieldId>) -> Self {
        let column = |id| {
            let field = model.at(id);
            let mut key = Vec::new();
            json::key(&mut key, field.def.key);
            LayoutColumn {
                field: id,
                kind: field.def.kind,
                key: key.into(),
                write: field.def.kind.rules().write,
            }
        };
        Self { columns: fields.map(column).collect() }
    }

    /// The number of columns that are fields.
    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The position of a field in the row.
    pub(crate) fn position(&self, field: FieldId) -> Option<usize> {
        self.columns.iter().position(|it| it.field == field)
    }

    /// The row as a JSON object, straight from its binary form; fields outside of `readable`
    /// are left out.
    pub(crate) fn write(&self, row: &Row, readable: Option<&FieldSet>, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut is_first = true;
        for (at, column) in self.columns.iter().enumerate() {
            if readable.is_some_and(|it| !it.contains(column.field)) || column.is_secret() {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                out.push(b',');
            }
            out.extend_from_slice(&column.key);
            match row.raw(at) {
                Some(raw) => (column.write)(raw, out),
                None => out.extend_from_slice(b"null"),
            }
        }
        out.push(b'}');
    }
}

impl LayoutColumn {
    fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret)
    }
}

impl std::fmt::Debug for LayoutColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.key))
    }
}
