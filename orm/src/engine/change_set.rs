//! What is being written: one verb over records of one model, as its author's functions see it.

use std::{collections::HashMap, marker::PhantomData, sync::Arc};

use crate::{
    Change, Changes, Column, Error, Extension, Id, Model, RawChanges, Result, Schema, Session,
    Value, Verb, Violation,
    engine::{lines::Line, links::Relinked, reference, request::Request, snapshot::Snapshot},
    schema::{ModelId, SchemaModel},
    sql::Text,
};

/// The records of `M` that one operation creates, changes or deletes.
pub struct ChangeSet<M> {
    raw: RawSet,
    of: PhantomData<fn() -> M>,
}

/// The same without the model's type: what the engine passes from stage to stage.
#[derive(Clone)]
pub struct RawSet {
    pub(crate) schema: Arc<Schema>,
    pub(crate) model: ModelId,
    pub(crate) verb: Verb,
    pub(crate) rows: Vec<RawChange>,
    /// What the new rows hold, once they are written.
    pub(crate) text: Option<Arc<Text>>,
    /// What whoever fills in a form should know.
    pub(crate) warnings: Vec<Violation>,
    /// Whether hooks have named other records, or said something of lines.
    pub(crate) leads_on: bool,
    /// Whether they are lines that come with new records, which have no others.
    pub(crate) comes_with_new: bool,
}

/// One record of a set.
#[derive(Debug, Clone, Default)]
pub struct RawChange {
    /// None before it is created.
    pub(crate) id: Option<i64>,
    /// As it was, locked; of a new record and of models whose rows are not read first, nothing.
    pub(crate) old: Option<Snapshot>,
    /// As it was written.
    pub(crate) new: Option<Snapshot>,
    pub(crate) request: Request,
    /// What has become of its links.
    pub(crate) relinked: Vec<Relinked>,
    /// What hooks say of it.
    added: RawChanges,
}

/// One record of a change set.
pub struct RecordChange<'a, M> {
    set: &'a RawSet,
    row: &'a RawChange,
    of: PhantomData<fn() -> M>,
}

impl<M: Model> ChangeSet<M> {
    /// For the derive: what the engine gave, with its model's type.
    pub fn of(raw: RawSet) -> Self {
        Self { raw, of: PhantomData }
    }

    /// For the derive: the way back.
    pub fn into_raw(self) -> RawSet {
        self.raw
    }

    /// What is done with the records.
    pub fn verb(&self) -> Verb {
        self.raw.verb
    }

    /// Their keys; none before they are created. Those that stand are locked.
    pub fn ids(&self) -> Vec<i64> {
        self.raw.rows.iter().filter_map(|it| it.id).collect()
    }

    /// Each record.
    pub fn iter(&self) -> impl Iterator<Item = RecordChange<'_, M>> {
        self.raw.rows.iter().map(|row| RecordChange { set: &self.raw, row, of: PhantomData })
    }

    /// The record with this key, if it is one of them.
    pub fn of_id(&self, id: impl Into<Id<M>>) -> Option<RecordChange<'_, M>> {
        let id = id.into().get();
        self.iter().find(|it| it.row.id == Some(id))
    }

    /// Whether a field is set for any of them, or its links or lines are changed.
    pub fn names<T>(&self, column: Column<M, T>) -> bool {
        self.iter().any(|it| it.names(column))
    }

    /// Whether they are new lines that come with the new records that they belong to: whatever they
    /// belong to has no other lines of this model.
    pub fn comes_with_new(&self) -> bool {
        self.raw.comes_with_new
    }

    /// Whether the request says yes to one of the model's options.
    pub fn has_option(&self, name: &str) -> bool {
        self.raw.rows.iter().any(|it| it.request.options.contains(&name))
    }

    /// Warns whoever fills in a form; elsewhere nobody hears it. The code is for programs, and the
    /// name of its text in `i18n`.
    pub fn warn(&mut self, code: &'static str) {
        self.raw.warnings.push(Violation::at_pointer("", code));
    }

    /// Sets a field of every record, whatever was asked for; before the write only.
    pub fn set(&mut self, change: impl Fn() -> Change<M>) {
        (0..self.raw.rows.len()).for_each(|at| self.set_at(at, change()));
    }

    /// Sets a field of the record at a position of [`Self::iter`]; before the write only.
    pub fn set_at(&mut self, at: usize, change: Change<M>) {
        let changes = Changes::from([change]).into_raw();
        let added = &mut self.raw.rows[at].added;
        added.values.extend(changes.values);
        added.links.extend(changes.links);
        added.lines.extend(changes.lines);
    }
}

impl<M: Model> RecordChange<'_, M> {
    /// Its key; none before it is created.
    pub fn id(&self) -> Option<i64> {
        self.row.id
    }

    /// As it was; of a new record, nothing.
    ///
    /// # Errors
    /// When the table is not ours.
    pub fn old(&self) -> Result<Option<M>> {
        self.read(self.row.old.as_ref())
    }

    /// As it was written; before the write and of a deleted record, nothing.
    ///
    /// # Errors
    /// When the table is not ours.
    #[expect(clippy::new_ret_no_self, reason = "what is new, beside what is old")]
    pub fn new(&self) -> Result<Option<M>> {
        self.read(self.row.new.as_ref())
    }

    /// What an extension kept of it, as it was; of a new record, nothing.
    ///
    /// # Errors
    /// When the extension belongs to no listed module.
    pub fn old_ext<E: Extension<Model = M>>(&self) -> Result<Option<E>> {
        self.row.old.as_ref().map(|it| it.read_extension(self.set.model())).transpose()
    }

    /// What an extension keeps of it, as it was written; before the write, nothing.
    ///
    /// # Errors
    /// When the extension belongs to no listed module.
    pub fn new_ext<E: Extension<Model = M>>(&self) -> Result<Option<E>> {
        self.row.new.as_ref().map(|it| it.read_extension(self.set.model())).transpose()
    }

    /// Whether somebody named the field, its links or its lines.
    pub fn names<T>(&self, column: Column<M, T>) -> bool {
        let field = self.set.model().field(column.name());
        field.is_some_and(|it| self.row.request.named.contains(it.id))
    }

    /// What somebody sets a column to.
    pub fn value<T>(&self, column: Column<M, T>) -> Option<&Value> {
        let field = self.set.model().field(column.name()).filter(|_| self.names(column))?;
        self.row.request.value(field.id)
    }

    /// What a column is going to hold, whoever said so: in a new record, or in a form, also what
    /// nobody named.
    pub fn given<T>(&self, column: Column<M, T>) -> Option<&Value> {
        let field = self.set.model().field(column.name())?;
        self.row.request.value(field.id)
    }

    fn read(&self, row: Option<&Snapshot>) -> Result<Option<M>> {
        row.map(|it| it.read(self.set.model())).transpose()
    }
}

impl RawChange {
    /// A line that is there.
    pub(crate) fn of_line(line: Line) -> Self {
        Self { id: Some(line.id), old: line.old, request: line.request, ..Self::default() }
    }
}

impl RawSet {
    /// Records that are asked for, without a look at them.
    pub(crate) fn new(
        session: &Session,
        model: &SchemaModel,
        verb: Verb,
        rows: impl Iterator<Item = (Option<i64>, Request)>,
    ) -> Self {
        let row = |(id, request)| RawChange { id, request, ..RawChange::default() };
        let schema = session.database().schema().clone();
        Self {
            schema,
            model: model.id,
            verb,
            rows: rows.map(row).collect(),
            text: None,
            warnings: Vec::new(),
            leads_on: false,
            comes_with_new: false,
        }
    }

    /// The model of its records.
    pub(crate) fn model(&self) -> &SchemaModel {
        self.schema.model(self.model)
    }

    /// Whether anything is asked of the lines of its records.
    pub(crate) fn has_lines(&self) -> bool {
        self.rows.iter().any(|it| !it.request.lines.is_empty())
    }

    /// The keys of its records.
    pub(crate) fn ids(&self) -> Vec<i64> {
        self.rows.iter().filter_map(|it| it.id).collect()
    }

    /// Puts what the hooks said into the requests.
    ///
    /// # Errors
    /// Invalid with every fault of what they said.
    pub(crate) async fn take_added(&mut self) -> Result<()> {
        let schema = self.schema.clone();
        let model = schema.model(self.model);
        let is_reference = |name| model.field(name).is_some_and(reference::is_reference);
        for row in &mut self.rows {
            let added = std::mem::take(&mut row.added);
            let RawChanges { values, links, lines, .. } = &added;
            let has_ends = !(links.is_empty() && lines.is_empty());
            self.leads_on |= has_ends || values.iter().any(|it| is_reference(it.0));
            if has_ends || !values.is_empty() {
                row.request.add(&schema, model, added).await?;
            }
        }
        Ok(())
    }

    /// Takes the new rows of records that were written once more; gives those that are its own.
    pub(crate) fn renew(&mut self, written: &Self) -> Vec<i64> {
        let mut renewed = Vec::new();
        if self.model != written.model {
            return renewed;
        }
        let positions = self.positions();
        for row in &written.rows {
            let own = row.id.and_then(|it| positions.get(&it)).map(|at| &mut self.rows[*at]);
            if let (Some(own), Some(new)) = (own, &row.new) {
                own.new = Some(new.clone());
                self.text.clone_from(&written.text);
                renewed.extend(row.id);
            }
        }
        renewed
    }

    /// Where the record of each key stands.
    pub(crate) fn positions(&self) -> HashMap<i64, usize> {
        let key = |(at, row): (usize, &RawChange)| Some((row.id?, at));
        self.rows.iter().enumerate().filter_map(key).collect()
    }

    /// The only record of it.
    pub(crate) fn only(&mut self) -> Result<&mut RawChange> {
        self.rows.first_mut().ok_or_else(|| Error::broken("a set of one record is empty"))
    }
}
