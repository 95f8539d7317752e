//! Statements over links: made, taken away, and the ids at their other end.

use sea_query::{
    Alias, DeleteStatement, Expr, Func, InsertStatement, OnConflict, Order, Query, SelectStatement,
};

use crate::{
    Error, PgType, Result, Session, Value, Verb,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{SchemaField, SchemaModel, Storage},
    sql::{
        Layout,
        cache::{Bound, Text},
        place::{Draft, EqualsExpr},
    },
};

/// Links the n-th record of `near` with the n-th of `far`; links that are there already stay as
/// they are. A row for each that is new.
pub(crate) fn insert_links(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    [near, far]: [Vec<i64>; 2],
) -> Result<Bound> {
    let link = LinkTable::of(field)?;
    let mut shape = Shape::new(b'k', model, session);
    shape.fields([field.id].into_iter());
    shape.value(ids(near));
    shape.value(ids(far));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let mut list = || draft.request(ParamType::list(PgType::Int8));
        let ends = [list(), list()].map(|it| Func::cust("unnest").arg(it).into());
        let mut select = SelectStatement::new();
        select.exprs::<Expr, _>(ends);
        let mut insert = InsertStatement::new();
        insert.into_table(Alias::new(link.table));
        insert.columns([Alias::new(link.near), Alias::new(link.far)]);
        insert
            .select_from(select)
            .map_err(|it| Error::broken("a link has two ends").because(it))?;
        insert.on_conflict(OnConflict::new().do_nothing().to_owned());
        insert.returning(Query::returning().exprs([Expr::col(Alias::new(link.far))]));
        Text::build(&insert, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// Takes links of one record away; a row for each that was there.
pub(crate) fn delete_links(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    (id, far): (i64, Vec<i64>),
) -> Result<Bound> {
    let link = LinkTable::of(field)?;
    let mut shape = Shape::new(b'K', model, session);
    shape.fields([field.id].into_iter());
    shape.value(Value::Int(id));
    shape.value(ids(far));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let mut delete = DeleteStatement::new();
        delete.from_table(Alias::new(link.table));
        let id = draft.request(ParamType::one(PgType::Int8));
        delete.and_where(link.end(link.near).equals_expr(id));
        let far = draft.request(ParamType::list(PgType::Int8));
        delete.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [link.end(link.far), far]));
        delete.returning(Query::returning().exprs([link.end(link.far)]));
        Text::build(&delete, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// Pairs of a record of `of` and one that a to-many field links it with, as far as the asker may
/// see the latter; in order, at most `max`.
pub(crate) fn linked_ids(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
    (of, max): (Vec<i64>, i64),
) -> Result<Bound> {
    let mut shape = Shape::new(b'l', model, session);
    shape.fields([field.id].into_iter());
    shape.value(ids(of));
    shape.value(Value::Int(max));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let target = draft.place(session.schema().target(field));
        let visible = draft.permitted(&target, Verb::Read)?;
        let mut select = SelectStatement::new();
        let (near, far) = match &field.storage {
            Storage::Column | Storage::Expression(_) | Storage::Nowhere => {
                return Err(Error::broken("a column leads to one record"));
            }
            Storage::Inverse { key } => {
                select.from_as(target.table(), target.alias());
                (target.column(key), target.column("id"))
            }
            Storage::Link { .. } => {
                let link = LinkTable::of(field)?;
                select.from(Alias::new(link.table));
                let far = link.end(link.far);
                if visible.is_some() {
                    select.from_as(target.table(), target.alias());
                    select.and_where(target.column("id").equals_expr(far.clone()));
                }
                (link.end(link.near), far)
            }
        };
        select.exprs([near.clone(), far.clone()]);
        let of = draft.request(ParamType::list(PgType::Int8));
        select.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [near.clone(), of]));
        select.and_where_option(visible);
        select.order_by_expr(near, Order::Asc).order_by_expr(far, Order::Asc);
        select.limit(draft.request_number());
        Text::build(&select, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// The table of a many2many field and its two columns.
struct LinkTable<'a> {
    table: &'a str,
    near: &'static str,
    far: &'static str,
}

impl<'a> LinkTable<'a> {
    fn of(field: &'a SchemaField) -> Result<Self> {
        match &field.storage {
            Storage::Link { table, near, far } => Ok(Self { table, near, far }),
            _ => Err(Error::broken(format!("{} has no link table", field.def.name))),
        }
    }

    fn end(&self, key: &str) -> Expr {
        Expr::col((Alias::new(self.table), Alias::new(key)))
    }
}

fn ids(list: Vec<i64>) -> Value {
    Value::List(list.into_iter().map(Value::Int).collect())
}
