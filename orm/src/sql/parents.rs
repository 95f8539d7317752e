//! The statement that keeps the wholes of parts as they are.

use sea_query::{Expr, LockType, Order, SelectStatement};

use crate::{
    PgType, Result, Session, Value,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::SchemaModel,
    sql::{
        Layout,
        cache::{Bound, Text},
        place::{Draft, EqualsExpr},
    },
};

/// The parents of these records; they, all above them and the records themselves are locked.
///
/// From above: whoever deletes a whole locks it before its parts, too.
pub(crate) fn lock_parents(session: &Session, model: &SchemaModel, ids: Vec<i64>) -> Result<Bound> {
    let mut shape = Shape::new(b'p', model, session);
    shape.value(Value::List(ids.into_iter().map(Value::Int).collect()));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let ids = draft.request(ParamType::list(PgType::Int8));
        let mut select = SelectStatement::new();
        select.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [root.column("id"), ids]));
        let mut chain = vec![root];
        while let Some(place) = chain.last()
            && let Some(parent) = place.model.parent
        {
            let field = place.model.at(parent);
            let above = draft.place(session.schema().target(field));
            select.and_where(above.column("id").equals_expr(place.field(field)));
            chain.push(above);
        }
        if let Some(parent) = chain.get(1) {
            select.expr(parent.column("id"));
        }
        for place in chain.iter().rev() {
            select.from_as(place.table(), place.alias());
            // In one order for all, whichever parts of a whole they write.
            select.order_by_expr(place.column("id"), Order::Asc);
        }
        select.lock(LockType::NoKeyUpdate);
        Text::build(&select, Lane::ByKey, &draft.slots, Layout::default())
    })
}
