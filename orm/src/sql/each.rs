//! Changes records each to values of its own, in one statement.

use sea_query::{
    Alias, Expr, ExprTrait, Func, IntoIden, Query, SelectStatement, TableRef, UpdateStatement,
};

use crate::{
    PgType, Result, Session, Value,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaModel},
    sql::{
        cache::{Bound, Text},
        place::{Draft, EqualsExpr},
        write::{every_column, stamp, whole},
    },
};

/// What becomes of one record.
pub(crate) struct Row {
    pub(crate) id: i64,
    /// Whether its version rises.
    pub(crate) is_raised: bool,
    /// The values of the fields, in their order.
    pub(crate) values: Vec<Value>,
}

/// Sets `fields` of records that are locked. Returns every column of each.
pub(crate) fn update_each(
    session: &Session,
    model: &SchemaModel,
    fields: &[FieldId],
    rows: Vec<Row>,
) -> Result<Bound> {
    let mut shape = Shape::new(b'E', model, session);
    shape.fields(fields.iter().copied());
    stamp(&mut shape, session);
    shape.value(Value::List(rows.iter().map(|it| Value::Int(it.id)).collect()));
    let raised = rows.iter().map(|it| Value::Int(i64::from(it.is_raised)));
    shape.value(Value::List(raised.collect()));
    let mut columns: Vec<Vec<Value>> = fields.iter().map(|_| Vec::new()).collect();
    for row in rows {
        columns.iter_mut().zip(row.values).for_each(|(column, value)| column.push(value));
    }
    columns.into_iter().for_each(|it| shape.value(Value::List(it)));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let now = draft.request(ParamType::one(PgType::Timestamptz));
        let who = draft.request(ParamType::one(PgType::Int8));
        let mut given = SelectStatement::new();
        let mut unnest = |name: &str, pg_type| {
            let list: Expr = draft.request(ParamType::list(pg_type));
            given.expr_as(Func::cust("unnest").arg(list), Alias::new(name));
        };
        unnest("id", PgType::Int8);
        unnest("raise", PgType::Int8);
        for field in fields {
            let field = model.at(*field);
            unnest(&format!("c_{}", field.def.key), field.def.kind.rules().pg_type);
        }
        let value = |name: String| Expr::col((Alias::new("given"), Alias::new(name)));
        let mut update = UpdateStatement::new();
        update.table(root.table());
        update.from(TableRef::SubQuery(given.into(), Alias::new("given").into_iden()));
        update.and_where(root.column("id").equals_expr(value("id".to_owned())));
        for field in fields {
            let key = model.at(*field).def.key;
            update.value(Alias::new(key), value(format!("c_{key}")));
        }
        let stays = |column: &str, new: Expr| {
            let raise = value("raise".to_owned());
            let old = root.column(column);
            Expr::cust_with_exprs("CASE WHEN $1 = 1 THEN $2 ELSE $3 END", [raise, new, old])
        };
        update.value(Alias::new("updated_at"), stays("updated_at", now));
        update.value(Alias::new("updated_by_id"), stays("updated_by_id", who));
        let version = root.column("version").add(value("raise".to_owned()));
        update.value(Alias::new("version"), version);
        update.returning(Query::returning().exprs(every_column(&root)));
        Text::build(&update, Lane::ByKey, &draft.slots, whole(model))
    })
}
