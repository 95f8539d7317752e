//! What is to be loaded with records: `.expand(Product::TAGS)`, or with conditions,
//! `.expand(Sale::LINES.with(|it| it.order_desc(SaleLine::QTY).limit(5)))`.
//!
//! Thin generics again: everything becomes a [`Part`] at once.

use std::marker::PhantomData;

use crate::{
    At, Column, Cond, FieldType, Filter, Model, Relation, Result, Schema, Session, SortKey,
    engine::{Branch, Expand},
    loaded::{Loading, load},
    schema::SchemaModel,
};

/// A relation of `M` whose records are to be loaded.
pub struct Expansion<M> {
    pub(crate) part: Part,
    of: PhantomData<fn() -> M>,
}

/// What is wanted of the records behind a relation.
///
/// For each record that has the relation: the order and the limit are those of one list. A
/// relation to one record has neither.
pub struct Related<T> {
    part: Part,
    of: PhantomData<fn() -> T>,
}

/// A relation to be loaded, without the types.
pub(crate) struct Part {
    field: &'static str,
    filter: Filter,
    sort: Vec<SortKey>,
    limit: Option<i64>,
    inner: Vec<Self>,
    /// Makes records of the rows behind it.
    load: fn(Branch, &[Self], &Session) -> Result<Loading>,
}

impl<M: Model, F: Relation> Column<M, F> {
    /// The relation with what is wanted of its records.
    pub fn with(self, of: impl FnOnce(Related<F::To>) -> Related<F::To>) -> Expansion<M> {
        let part = of(Related { part: Part::of(self), of: PhantomData }).part;
        Expansion { part, of: PhantomData }
    }
}

impl<M: Model, F: Relation> From<Column<M, F>> for Expansion<M> {
    fn from(relation: Column<M, F>) -> Self {
        Self { part: Part::of(relation), of: PhantomData }
    }
}

impl<T: Model> Related<T> {
    /// Only those that pass this, too.
    #[must_use]
    pub fn filter(mut self, cond: Cond<T>) -> Self {
        self.part.filter = self.part.filter.and(cond.into());
        self
    }

    /// By this field, after what was said before; without any, in the model's order.
    #[must_use]
    pub fn order<F: FieldType>(self, by: Column<T, F>) -> Self {
        self.order_key(by, false)
    }

    /// By this field from the largest down, absent values last.
    #[must_use]
    pub fn order_desc<F: FieldType>(self, by: Column<T, F>) -> Self {
        self.order_key(by, true)
    }

    fn order_key<F>(mut self, by: Column<T, F>, is_descending: bool) -> Self {
        self.part.sort.push(SortKey { hops: Vec::new(), field: by.name(), is_descending });
        self
    }

    /// At most this many for each record that has the relation; without it, all.
    #[must_use]
    pub fn limit(mut self, limit: i64) -> Self {
        self.part.limit = Some(limit.max(0));
        self
    }

    /// With the records behind a relation of theirs.
    #[must_use]
    pub fn expand(mut self, relation: impl Into<Expansion<T>>) -> Self {
        Part::put(&mut self.part.inner, relation.into().part);
        self
    }
}

impl Part {
    fn of<M, F: Relation>(relation: Column<M, F>) -> Self {
        Self {
            field: relation.name(),
            filter: Filter::all(),
            sort: Vec::new(),
            limit: None,
            inner: Vec::new(),
            load: load::<F::To>,
        }
    }

    /// Adds a relation; what is said of it again replaces what was said before.
    pub(crate) fn put(list: &mut Vec<Self>, part: Self) {
        list.retain(|it| it.field != part.field);
        list.push(part);
    }

    /// These relations of a model, as the engine takes them: whole records, for that is what the
    /// structs of authors are.
    pub(crate) fn expands(
        list: &[Self],
        model: &SchemaModel,
        schema: &Schema,
    ) -> Result<Vec<Expand>> {
        let expand = |part: &Self| {
            let field = model.field(part.field).filter(|it| it.target.is_some());
            let field = field.ok_or_else(|| crate::Error::broken("a relation leads nowhere"))?;
            let target = schema.target(field);
            let sort = match part.sort.is_empty() {
                true => SortKey::of_model(target),
                false => part.sort.iter().cloned().chain([SortKey::id(&part.sort)]).collect(),
            };
            Ok(Expand {
                field: field.id,
                fields: target.columns().map(|it| it.id).collect(),
                filter: part.filter.clone(),
                sort,
                limit: part.limit,
                expand: Self::expands(&part.inner, target, schema)?,
                at: At::Parameter("expand".to_owned()),
            })
        };
        list.iter().map(expand).collect()
    }

    /// The records of the branch that was read for it.
    pub(crate) fn load(&self, branch: Branch, session: &Session) -> Result<Loading> {
        (self.load)(branch, &self.inner, session)
    }
}
