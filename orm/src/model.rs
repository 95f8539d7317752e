//! A model as data: what the derive emits and everything else reads.
//!
//! **Invariant:** nothing reads a Rust type where it could read a [`ModelDef`].

use std::{fmt, hash, marker::PhantomData};

use chrono::{DateTime, Utc};

use crate::{
    Cells, Changes, Column, Cond, FieldDef, Filter, IntoChanges, Query, Record, Result, Session,
    engine::{self, Check, Hook},
    query,
};

/// A model as its author declared it.
#[derive(Debug, Clone)]
pub struct ModelDef {
    /// The Rust name: `Product`.
    pub name: &'static str,
    /// The table and the collection: `products`.
    pub table: &'static str,
    /// The crate it stands in, and so the module it belongs to.
    pub krate: &'static str,
    /// Text for users.
    pub help: &'static str,
    /// The field that names a record where only one line is shown.
    pub display: Option<&'static str>,
    /// How lists are sorted that do not say: `name`, `-date,name`.
    pub order: &'static str,
    /// In the order of declaration.
    pub fields: &'static [FieldDef],
    /// Sets of fields that no two records share.
    pub unique: &'static [&'static [&'static str]],
    /// Sets of fields that no two records share which are not archived.
    pub unique_unless_archived: &'static [&'static [&'static str]],
    /// Conditions in SQL that the database itself holds each row to.
    pub sql_checks: &'static [SqlCheck],
    /// Whether records are put aside by their field `active`.
    pub is_archivable: bool,
    /// The reference to the company whose users alone see the record.
    pub company_owned: Option<&'static str>,
    /// Fields of rules that lists are read by: each gets an index with the order behind
    /// it, and one with every field that has an index of its own.
    pub scope_index: &'static [&'static str],
    /// The reference to the record whose rights these records follow.
    pub child_of: Option<ChildOf>,
    /// Whether rules hold for administrators too.
    pub is_private: bool,
    /// Which of the generated routes it has.
    pub routes: RouteSet,
    /// The counter in the table `signals` that rises with every change of its rows and links, by
    /// whomever: for those who keep something that depends on them.
    pub signal: Option<&'static str>,
    /// Keys of a body that are no fields and say yes or no to its hooks.
    pub options: &'static [&'static str],
    /// What a record must be, judged as it was written.
    pub check: Option<Check>,
    /// What a change must be, judged beside what the record was.
    pub check_change: Option<Check>,
    /// What follows from a form that is being filled in.
    pub onchange: Option<Hook>,
    /// What its author has to say before its records are written.
    pub before: Option<Hook>,
    /// What its author has to say of what was written, before it is committed.
    pub after: Option<Hook>,
    /// What its author has to say once what was written stands.
    pub after_commit: Option<Hook>,
    /// How long it is remembered who changed what; none where nothing is.
    pub history: Option<Retention>,
}

/// How long what was changed is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// So many days.
    Days(u32),
    /// For good.
    Forever,
}

/// A condition that every row fulfils, as an expression of SQL over columns of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlCheck {
    /// What the constraint `<table>_<name>_ck` and the text of its fault are called after.
    pub name: &'static str,
    /// The expression: `starts_on <= ends_on`.
    pub expression: &'static str,
}

/// The reference that makes a model a part of another.
#[derive(Debug, Clone, Copy)]
pub struct ChildOf {
    /// The required reference to the parent, by declared name.
    pub field: &'static str,
    /// Whether a change of the child raises the parent's version.
    pub touch: bool,
}

/// Which of the generated routes a model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteSet {
    /// All that there are.
    All,
    /// List, search, read, schema.
    Reading,
    /// These, and the change of one record: what makes and deletes it has routes of its own.
    Changing,
    /// None: what changes it has routes of its own.
    None,
}

impl ModelDef {
    /// A model with nothing said about it yet.
    pub const fn new(name: &'static str, table: &'static str, krate: &'static str) -> Self {
        Self {
            name,
            table,
            krate,
            help: "",
            display: None,
            order: "id",
            fields: &[],
            unique: &[],
            unique_unless_archived: &[],
            sql_checks: &[],
            is_archivable: false,
            company_owned: None,
            scope_index: &[],
            child_of: None,
            is_private: false,
            routes: RouteSet::All,
            signal: None,
            options: &[],
            check: None,
            check_change: None,
            onchange: None,
            before: None,
            after: None,
            after_commit: None,
            history: None,
        }
    }
}

/// A struct whose records are rows of a table; `#[derive(Model)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no model",
    label = "no model",
    note = "a reference leads to a struct with `#[derive(Model)]`"
)]
pub trait Model: Sized + Send + Sync + 'static {
    /// The description of the model.
    fn def() -> &'static ModelDef;

    /// The struct out of the values of one row, in the order of declaration.
    ///
    /// # Errors
    /// When a value is not of its field's kind: a table that is not ours.
    fn read(cells: &mut Cells<'_>) -> Result<Self>;

    /// The key of every record.
    const ID: Column<Self, Id<Self>> = Column::new("id");
    /// Rises by one with each change.
    const VERSION: Column<Self, i64> = Column::new("version");
    /// When the record was made.
    const CREATED_AT: Column<Self, DateTime<Utc>> = Column::new("created_at");
    /// When the record was last changed.
    const UPDATED_AT: Column<Self, DateTime<Utc>> = Column::new("updated_at");

    /// Records that pass conditions, as far as the asker may see them.
    fn query(session: &Session) -> Query<'_, Self> {
        Query::new(session)
    }

    /// One record; missing when it is hidden.
    fn find(
        session: &Session,
        id: impl Into<Id<Self>>,
    ) -> impl Future<Output = Result<Record<Self>>> + Send {
        let id = id.into().get();
        async move { query::find(session, id).await }
    }

    /// Creates a record.
    fn create(
        session: &Session,
        changes: impl IntoChanges<Self>,
    ) -> impl Future<Output = Result<Record<Self>>> + Send {
        let changes = changes.into_changes().into_raw();
        async move {
            let model = session.schema().of_def(Self::def());
            engine::create(session, model, changes).await?.into_record(session)
        }
    }

    /// Creates many records in one statement; their ids, in the given order.
    fn create_many(
        session: &Session,
        list: Vec<Changes<Self>>,
    ) -> impl Future<Output = Result<Vec<Id<Self>>>> + Send {
        let list = list.into_iter().map(Changes::into_raw).collect();
        async move {
            let model = session.schema().of_def(Self::def());
            let ids = engine::create_many(session, model, list).await?;
            Ok(ids.into_iter().map(Id::new).collect())
        }
    }

    /// Changes a record: what the changes name, and nothing else.
    fn update(
        session: &Session,
        id: impl Into<Id<Self>>,
        changes: impl IntoChanges<Self>,
    ) -> impl Future<Output = Result<Record<Self>>> + Send {
        let (id, changes) = (id.into().get(), changes.into_changes().into_raw());
        async move {
            let model = session.schema().of_def(Self::def());
            engine::update(session, model, id, changes, None).await?.into_record(session)
        }
    }

    /// Changes every record that passes, at most `max`; how many.
    fn update_where(
        session: &Session,
        cond: Cond<Self>,
        changes: impl IntoChanges<Self>,
        max: i64,
    ) -> impl Future<Output = Result<i64>> + Send {
        let (filter, changes) = (Filter::from(cond), changes.into_changes().into_raw());
        async move {
            let model = session.schema().of_def(Self::def());
            engine::update_where(session, model, &filter, changes, max).await
        }
    }

    /// Deletes a record.
    fn delete(
        session: &Session,
        id: impl Into<Id<Self>>,
    ) -> impl Future<Output = Result<()>> + Send {
        let id = id.into().get();
        async move {
            let model = session.schema().of_def(Self::def());
            engine::delete(session, model, id, None).await
        }
    }

    /// Deletes every record that passes, at most `max`; how many.
    fn delete_where(
        session: &Session,
        cond: Cond<Self>,
        max: i64,
    ) -> impl Future<Output = Result<i64>> + Send {
        let filter = Filter::from(cond);
        async move {
            let model = session.schema().of_def(Self::def());
            engine::delete_where(session, model, &filter, max).await
        }
    }

    /// The record that `module` calls `key`: created once, found at every later start.
    fn seeded(
        session: &Session,
        module: &'static str,
        key: &str,
        changes: impl IntoChanges<Self>,
    ) -> impl Future<Output = Result<Id<Self>>> + Send {
        let (key, changes) = (key.to_owned(), changes.into_changes().into_raw());
        async move {
            let model = session.schema().of_def(Self::def());
            engine::seeded(session, model, module, &key, changes).await.map(Id::new)
        }
    }
}

/// How the derive tells the program of a model.
pub struct Registered(pub fn() -> &'static ModelDef);

inventory::collect!(Registered);

/// The key of a record of `M`.
pub struct Id<M>(i64, PhantomData<fn() -> M>);

impl<M> Id<M> {
    /// The record with this number.
    pub const fn new(id: i64) -> Self {
        Self(id, PhantomData)
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<M> Clone for Id<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Id<M> {}

impl<M> PartialEq for Id<M> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<M> Eq for Id<M> {}

impl<M> hash::Hash for Id<M> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<M> From<i64> for Id<M> {
    fn from(id: i64) -> Self {
        Self::new(id)
    }
}

impl<M> fmt::Debug for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl<M> fmt::Display for Id<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
