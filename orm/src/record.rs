//! What a read gives: the author's struct and all that is not in it.
//!
//! **Invariant:** records leave through one door, [`Record::write_json`], which leaves out what
//! the asker may not see; models do not implement `Serialize`.

use std::{
    fmt,
    ops::{Deref, Range},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use crate::{
    Column, Error, Extension, FieldType, Id, Model, Relation, Result, Schema, Session, Value,
    engine::{Worked, at_read, reopen},
    loaded::Loaded,
    pg::Row,
    schema::{FieldSet, SchemaField, SchemaModel},
    sql::Text,
};

/// A record of `M` as it was read. No `DerefMut`: writes are change sets.
pub struct Record<M> {
    own: M,
    kept: Box<Kept>,
}

/// What a record carries beside the author's fields.
struct Kept {
    id: i64,
    version: i64,
    created_at: DateTime<Utc>,
    created_by: Option<i64>,
    updated_at: DateTime<Utc>,
    updated_by: Option<i64>,
    row: Row,
    text: Arc<Text>,
    schema: Arc<Schema>,
    readable: Option<Arc<FieldSet>>,
    /// What was loaded with it.
    loaded: Vec<Loaded>,
}

/// The values of one row, handed out in the order of declaration.
pub struct Cells<'a> {
    model: &'a SchemaModel,
    row: &'a Row,
    /// Position of the model's first column.
    first: usize,
    fields: std::slice::Iter<'a, SchemaField>,
    /// Position of the next column.
    at: usize,
}

impl<'a> Cells<'a> {
    /// The values of the fields of `model` in a range, in a row whose columns begin at position
    /// `first`.
    pub(crate) fn new(
        model: &'a SchemaModel,
        (row, first): (&'a Row, usize),
        fields: Range<usize>,
    ) -> Self {
        let before = model.fields()[..fields.start].iter().filter(|it| it.has_column()).count();
        let fields = model.fields()[fields].iter();
        Self { model, row, first, fields, at: first + before }
    }

    /// The value of the next field.
    ///
    /// # Errors
    /// When the column is of another type than the field: a table that is not ours.
    pub fn take<T: FieldType>(&mut self) -> Result<T> {
        let value = match self.fields.next() {
            Some(field) if field.has_column() => {
                self.at += 1;
                read(self.row, self.at - 1, field)?
            }
            Some(field) => {
                let position = |id| self.model.columns().position(|it| it.id == id);
                at_read::value(self.model, field, self.row, &|id| Some(self.first + position(id)?))?
            }
            None => Value::Null,
        };
        T::take(value)
    }
}

/// The value of a column.
fn read(row: &Row, at: usize, field: &SchemaField) -> Result<Value> {
    row.raw(at).map_or(Ok(Value::Null), field.def.kind.rules().read)
}

impl<M: Model> Record<M> {
    /// From a row of every column of the model, in the order of the table.
    pub(crate) fn of(row: Row, text: Arc<Text>, session: &Session) -> Result<Self> {
        let model = session.schema().of_def(M::def());
        let fields = model.fields().len();
        let mut cells = Cells::new(model, (&row, 0), 0..fields);
        let (id, version) = (cells.take()?, cells.take()?);
        let own = M::read(&mut cells)?;
        // Wherever the shim stopped, they stand behind the author's last field.
        let mut rest = Cells::new(model, (&row, 0), fields - 4..fields);
        let kept = Kept {
            id,
            version,
            created_at: rest.take()?,
            created_by: rest.take()?,
            updated_at: rest.take()?,
            updated_by: rest.take()?,
            readable: session.access().readable(model.id),
            loaded: Vec::new(),
            schema: session.database().schema().clone(),
            text,
            row,
        };
        Ok(Self { own, kept: Box::new(kept) })
    }

    /// The same with every field closed: its writer may not see what was written.
    pub(crate) fn out_of_sight(mut self) -> Self {
        self.kept.readable = Some(Arc::default());
        self
    }

    /// The same for somebody else: without the fields that are closed to them.
    #[must_use]
    pub fn seen_by(mut self, session: &Session) -> Self {
        let model = session.schema().of_def(M::def());
        self.kept.readable = session.access().readable(model.id);
        self
    }

    /// The same with what was loaded with it.
    pub(crate) fn with_loaded(mut self, loaded: Vec<Loaded>) -> Self {
        self.kept.loaded = loaded;
        self
    }

    /// What stands behind a relation, as far as whoever asked may see it: a slice behind one to
    /// many records, an `Option` behind one to one. `None` when it was not loaded: nothing is
    /// ever loaded later.
    pub fn loaded<F: Relation>(&self, relation: Column<M, F>) -> Option<F::Loaded<'_>> {
        self.kept.loaded.iter().find_map(|it| it.of::<F::To>(relation.name())).map(F::loaded)
    }

    /// Its key.
    pub fn id(&self) -> Id<M> {
        Id::new(self.kept.id)
    }

    /// Rises by one with each change.
    pub fn version(&self) -> i64 {
        self.kept.version
    }

    /// When it was made.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.kept.created_at
    }

    /// Who made it; `None` for the system.
    pub fn created_by(&self) -> Option<i64> {
        self.kept.created_by
    }

    /// When it was last changed.
    pub fn updated_at(&self) -> DateTime<Utc> {
        self.kept.updated_at
    }

    /// Who last changed it; `None` for the system.
    pub fn updated_by(&self) -> Option<i64> {
        self.kept.updated_by
    }

    /// What an extension keeps of it.
    ///
    /// # Errors
    /// When the extension belongs to no listed module.
    pub fn ext<E: Extension<Model = M>>(&self) -> Result<E> {
        read_extension(&self.kept.row, 0, self.kept.schema.of_def(M::def()))
    }

    /// What is worked out at read and open to whoever read it.
    fn worked_out(&self) -> Vec<Worked> {
        let model = self.kept.schema.of_def(M::def());
        let readable = self.kept.readable.as_deref();
        let row = std::slice::from_ref(&self.kept.row);
        let position = |id| self.kept.text.layout.position(id);
        let open = model.at_read().filter(|it| readable.is_none_or(|open| open.contains(it.id)));
        // Its columns were read when it became a record: they are of their types.
        open.filter_map(|it| Worked::of(model, it, row, position).ok()).collect()
    }

    /// Writes it as a JSON object with what was loaded, without the fields and relations that are
    /// closed to whoever read it.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let readable = self.kept.readable.as_deref();
        self.kept.text.layout.write(&self.kept.row, readable, out);
        for worked in self.worked_out() {
            reopen(out);
            worked.write(0, out);
            out.push(b'}');
        }
        for loaded in self.kept.loaded.iter().filter(|it| it.is_open(readable)) {
            reopen(out);
            loaded.write_json(out);
            out.push(b'}');
        }
    }
}

/// What an extension keeps of a record whose columns begin at position `at` of the row.
pub(crate) fn read_extension<E: Extension>(row: &Row, at: usize, model: &SchemaModel) -> Result<E> {
    let own = model.extension(E::def()).ok_or_else(|| {
        let (model, path) = (model.def.table, E::def().path());
        Error::broken(format!("{model} has nothing of {path}: list the module of it"))
    })?;
    E::read(&mut Cells::new(model, (row, at), own))
}

impl<M> Deref for Record<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.own
    }
}

impl<M: fmt::Debug> fmt::Debug for Record<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} v{} {:?}", self.kept.id, self.kept.version, self.own)
    }
}
