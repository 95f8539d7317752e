//! Typed reads: `Product::query(&s).filter(…).order(…).all()`. Shims around the engine.

use std::marker::PhantomData;

use crate::{
    Column, Cond, Error, Expansion, FieldType, Filter, Model, Record, Result, Session, SortKey,
    engine, expansion::Part, pg::Lane, schema::SchemaModel, sql::Select,
};

/// Records of `M` that are about to be read.
pub struct Query<'s, M> {
    session: &'s Session,
    filter: Filter,
    sort: Vec<SortKey>,
    limit: Option<i64>,
    offset: i64,
    is_locking: bool,
    parts: Vec<Part>,
    of: PhantomData<fn() -> M>,
}

impl<'s, M: Model> Query<'s, M> {
    pub(crate) fn new(session: &'s Session) -> Self {
        Self {
            session,
            filter: Filter::all(),
            sort: Vec::new(),
            limit: None,
            offset: 0,
            is_locking: false,
            parts: Vec::new(),
            of: PhantomData,
        }
    }

    /// Only those that pass this, too.
    #[must_use]
    pub fn filter(mut self, cond: Cond<M>) -> Self {
        self.filter = self.filter.and(cond.into());
        self
    }

    /// By this field, after what was said before; without any, in the model's order.
    #[must_use]
    pub fn order<F: FieldType>(self, by: Column<M, F>) -> Self {
        self.order_key(by, false)
    }

    /// By this field from the largest down, absent values last.
    #[must_use]
    pub fn order_desc<F: FieldType>(self, by: Column<M, F>) -> Self {
        self.order_key(by, true)
    }

    fn order_key<F>(mut self, by: Column<M, F>, is_descending: bool) -> Self {
        self.sort.push(SortKey { hops: Vec::new(), field: by.name(), is_descending });
        self
    }

    /// At most this many.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Without the first ones.
    #[must_use]
    pub fn offset(mut self, offset: i64) -> Self {
        self.offset = offset;
        self
    }

    /// Locks them until the transaction ends.
    #[must_use]
    pub fn for_update(mut self) -> Self {
        self.is_locking = true;
        self
    }

    /// With the records behind a relation, which [`Record::loaded`] gives. What is said of the same
    /// relation again replaces what was said before.
    #[must_use]
    pub fn expand(mut self, relation: impl Into<Expansion<M>>) -> Self {
        Part::put(&mut self.parts, relation.into().part);
        self
    }

    /// All of them, in one statement, and one more for each relation of each level.
    ///
    /// # Errors
    /// Denied without a grant on any of the models; a bad query when more records come with these
    /// than an answer holds.
    pub async fn all(self) -> Result<Vec<Record<M>>> {
        let model = self.model();
        let sort = match self.sort.is_empty() {
            true => SortKey::of_model(model),
            false => self.sort.iter().cloned().chain([SortKey::id(&self.sort)]).collect(),
        };
        // Without a condition the plan has no values to wait for.
        let lane = if self.filter == Filter::all() { Lane::ByKey } else { Lane::Fresh };
        let select = Select {
            fields: Vec::new(),
            also: Vec::new(),
            filter: self.filter.clone(),
            sort,
            limit: self.limit,
            offset: self.offset,
            lane,
            is_locking: self.is_locking,
        };
        let expand = Part::expands(&self.parts, model, self.session.schema())?;
        let rows = engine::select_whole(self.session, model, select, &expand).await?;
        rows.into_records_with(&self.parts, self.session)
    }

    /// The first of them.
    ///
    /// # Errors
    /// Denied without a grant.
    pub async fn first(self) -> Result<Option<Record<M>>> {
        Ok(self.limit(1).all().await?.into_iter().next())
    }

    /// How many there are.
    ///
    /// # Errors
    /// Denied without a grant.
    pub async fn count(self) -> Result<i64> {
        engine::count(self.session, self.model(), &self.filter).await
    }

    /// Whether there is any.
    ///
    /// # Errors
    /// Denied without a grant.
    pub async fn exists(self) -> Result<bool> {
        engine::exists(self.session, self.model(), &self.filter).await
    }

    fn model(&self) -> &'s SchemaModel {
        self.session.schema().of_def(M::def())
    }
}

/// The record with this id, by key.
pub(crate) async fn find<M: Model>(session: &Session, id: i64) -> Result<Record<M>> {
    let model = session.schema().of_def(M::def());
    let rows = engine::select_whole(session, model, Select::one(Vec::new(), id), &[]).await?;
    rows.into_records(session)?.pop().ok_or_else(Error::missing)
}
