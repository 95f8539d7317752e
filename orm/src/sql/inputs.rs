//! What stands at the end of paths, and the ways back: raw rows, for what follows from them.
//!
//! **Invariant:** only sessions of the system come here; what they read goes into stored fields,
//! whose rights say who may see them.

use sea_query::{Alias, Expr, JoinType, LockType, Order, SelectStatement};

use crate::{
    Error, PgType, Result, Session, Value,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaField, SchemaModel, Storage, dependency::Back},
    sql::{
        Layout,
        cache::{Bound, Text},
        place::{Draft, EqualsExpr, Place},
    },
};

/// For each of these records of `root`: its id, then the fields at the end of the hops, a row for
/// each way that leads there, in the order of the keys on the way. With `is_held` nobody changes
/// the records of `root` until the transaction ends.
pub(crate) fn inputs(
    session: &Session,
    root: &SchemaModel,
    (hops, leaves): (&[FieldId], &[FieldId]),
    (ids, is_held): (Vec<i64>, bool),
) -> Result<Bound> {
    let mut shape = Shape::new(b'c', root, session);
    shape.tag(u8::from(is_held));
    shape.fields(hops.iter().copied());
    shape.fields(leaves.iter().copied());
    shape.value(list(ids));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let start = draft.root(root);
        let mut select = SelectStatement::new();
        select.expr(start.column("id")).from(start.table());
        let mut keys = vec![start.column("id")];
        let mut place = start.clone();
        for hop in hops {
            place = step(&mut draft, &mut select, &place, *hop);
            keys.push(place.column("id"));
        }
        select.exprs(leaves.iter().map(|it| place.field(place.model.at(*it))));
        let ids = draft.request(ParamType::list(PgType::Int8));
        select.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [start.column("id"), ids]));
        for key in keys {
            select.order_by_expr(key, Order::Asc);
        }
        if is_held {
            select.lock_with_tables(LockType::Share, [start.table()]);
        }
        Text::build(&select, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// Joins what a relation leads to: through a to-many one only rows that are there.
fn step<'a>(
    draft: &mut Draft<'a>,
    select: &mut SelectStatement,
    from: &Place<'a>,
    hop: FieldId,
) -> Place<'a> {
    let field = from.model.at(hop);
    let target = draft.place(draft.outlook.schema.target(field));
    let id = target.column("id");
    match &field.storage {
        Storage::Inverse { key } => {
            let on = target.column(key).equals_expr(from.column("id"));
            select.join_as(JoinType::InnerJoin, target.table(), target.alias(), on);
        }
        Storage::Link { table, near, far } => {
            let link = draft.alias();
            let end = |key: &str| Expr::col((link.clone(), Alias::new(key)));
            let on = end(near).equals_expr(from.column("id"));
            select.join_as(JoinType::InnerJoin, Alias::new(table), link.clone(), on);
            let on = id.equals_expr(end(far));
            select.join_as(JoinType::InnerJoin, target.table(), target.alias(), on);
        }
        Storage::Column | Storage::Expression(_) | Storage::Nowhere => {
            let on = id.equals_expr(from.field(field));
            select.join_as(JoinType::LeftJoin, target.table(), target.alias(), on);
        }
    }
    target
}

/// The records whose relation leads to these.
pub(crate) fn way_back(session: &Session, step: Back, ids: Vec<i64>) -> Result<Bound> {
    let model = session.schema().model(step.model);
    let field = model.at(step.field);
    let mut shape = Shape::new(b'y', model, session);
    shape.fields([step.field].into_iter());
    shape.value(list(ids));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let (from, key, found) = way(session, model, field)?;
        let mut select = SelectStatement::new();
        let column = |name: &str| Expr::col(Alias::new(name));
        select.distinct().expr(column(&found)).from(from);
        let ids = draft.request(ParamType::list(PgType::Int8));
        select.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [column(&key), ids]));
        select.and_where(Expr::cust_with_exprs("$1 IS NOT NULL", [column(&found)]));
        Text::build(&select, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// The table of a way back, the column that is known and the one that is asked for.
fn way(
    session: &Session,
    model: &SchemaModel,
    field: &SchemaField,
) -> Result<(Alias, String, String)> {
    Ok(match &field.storage {
        Storage::Inverse { key } => {
            let target = session.schema().target(field).def.table;
            (Alias::new(target), "id".to_owned(), (*key).to_owned())
        }
        Storage::Link { table, near, far } => {
            (Alias::new(table), (*far).to_owned(), (*near).to_owned())
        }
        Storage::Column => (Alias::new(model.def.table), field.def.key.to_owned(), "id".to_owned()),
        Storage::Expression(_) | Storage::Nowhere => {
            return Err(Error::broken("nothing leads through what is computed"));
        }
    })
}

fn list(ids: Vec<i64>) -> Value {
    Value::List(ids.into_iter().map(Value::Int).collect())
}
