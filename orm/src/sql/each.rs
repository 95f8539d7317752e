//! Changes records each to values of its own, in one statement.

use sea_query::{
    Alias, Expr, ExprTrait, Func, IntoIden, Query, SelectStatement, TableRef, UpdateStatement,
};

use crate::{
    PgType, Result, Session, Value, Verb,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaModel},
    sql::{
        cache::{Bound, Text},
        place::{Draft, EqualsExpr},
        stored::{becomes, stored, written_type},
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

/// Sets `fields` of records that are locked and judged. Returns as [`super::update()`] does.
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
        for ((field, column), value) in fields.iter().zip(&mut columns).zip(row.values) {
            column.push(stored(session, model.at(*field), value));
        }
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
            unnest(&format!("c_{}", field.def.key), written_type(field));
        }
        let value = |name: String| Expr::col((Alias::new("given"), Alias::new(name)));
        let mut update = UpdateStatement::new();
        update.table(root.table());
        update.from(TableRef::SubQuery(given.into(), Alias::new("given").into_iden()));
        update.and_where(root.column("id").equals_expr(value("id".to_owned())));
        for field in fields {
            let field = model.at(*field);
            let given = value(format!("c_{}", field.def.key));
            update.value(Alias::new(field.def.key), becomes(&root, field, given));
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
        let judged = draft.judged(&root, &[Verb::Update, Verb::Read])?;
        update.returning(Query::returning().exprs(every_column(&root).chain(judged)));
        Text::build(&update, Lane::ByKey, &draft.slots, whole(model))
    })
}
