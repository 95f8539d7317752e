//! What a rule is in SQL, and what PostgreSQL says of it for one record.

use sea_query::{Expr, SelectStatement};

use crate::{
    Error, Filter, Outlook, PgType, Result, Session, Value, Verb,
    pg::{Lane, ParamType},
    schema::SchemaModel,
    sql::{
        Layout,
        cache::{Bound, Text},
        condition::Origin,
        place::{Draft, EqualsExpr},
    },
};

/// The condition that a rule puts into statements about `model`, its values as parameters.
pub(crate) fn rule_sql(outlook: Outlook<'_>, model: &SchemaModel, rule: &Filter) -> Result<String> {
    let mut draft = Draft::of(outlook);
    let condition = draft.condition(&draft.root(model), rule, Origin::Rule)?;
    let mut select = SelectStatement::new();
    select.expr(condition);
    let text = Text::build(&select, Lane::Fresh, &draft.slots, Layout::default())?;
    let condition = text.as_str().strip_prefix("SELECT ").map(str::to_owned);
    condition.ok_or_else(|| Error::broken("a select begins with another word"))
}

/// Of one record, seen or not: the id of its parent if it has one, whether the asker may do each
/// of `verbs` with it, and whether it passes each of `rules`.
pub(crate) fn verdicts(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    verbs: &[Verb],
    rules: &[Filter],
) -> Result<Bound> {
    let mut draft = Draft::new(session);
    let root = draft.root(model);
    let mut select = SelectStatement::new();
    select.from(root.table());
    select.expr(match model.parent {
        Some(parent) => root.field(model.at(parent)),
        None => Expr::cust("NULL::bigint"),
    });
    for verb in verbs {
        select.expr(draft.may(&root, *verb)?);
    }
    for rule in rules {
        let rule = draft.condition(&root, rule, Origin::Rule)?;
        select.expr(Expr::cust_with_exprs("($1) IS TRUE", [rule]));
    }
    let asked = draft.request(ParamType::one(PgType::Int8));
    select.and_where(root.column("id").equals_expr(asked));
    let text = Text::build(&select, Lane::Fresh, &draft.slots, Layout::default())?;
    text.bound(session, vec![Value::Int(id)])
}
