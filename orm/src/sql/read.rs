//! Statements that read: lists, single records, counts.

use sea_query::{
    Alias, Expr, ExprTrait, Func, JoinType, NullOrdering, Order, SelectStatement, UnionType,
};

use crate::{
    Error, Filter, Operand, PgType, Result, Session, Value, Verb,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaModel},
    sql::{
        Layout,
        arms::Arms,
        cache::{Bound, Text},
        condition::Origin,
        place::{Draft, EqualsExpr, Place},
    },
};

/// What to read of a model.
#[derive(Debug, Clone)]
pub(crate) struct Select {
    /// What the rows become as JSON.
    pub(crate) fields: Vec<FieldId>,
    /// What is read behind them and not written.
    pub(crate) also: Vec<FieldId>,
    pub(crate) filter: Filter,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) limit: Option<i64>,
    pub(crate) offset: i64,
    pub(crate) lane: Lane,
    /// `FOR UPDATE`: nobody changes these rows until the transaction ends.
    pub(crate) is_locking: bool,
}

/// One key of an order, possibly behind references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// The references on the way, by declared name.
    pub hops: Vec<&'static str>,
    /// The field, by declared name.
    pub field: &'static str,
    /// From the largest down.
    pub is_descending: bool,
}

/// Reads the fields of the rows that pass, as far as the asker may see them.
pub(crate) fn select(session: &Session, model: &SchemaModel, of: &Select) -> Result<Bound> {
    let mut shape = Shape::new(b's', model, session);
    shape.tag(u8::from(of.is_locking));
    shape.fields(of.fields.iter().copied());
    shape.fields(of.also.iter().copied());
    shape.filter(&of.filter, session)?;
    shape.order(&of.sort);
    if let Some(arms) = Arms::of(session, model, of) {
        arms.key(&mut shape);
        let make = || arms.text(session, model, of);
        return session.database().texts().bind(session, shape, make);
    }
    let is_first = of.is_first();
    shape.tag(u8::from(of.limit.is_some()) + 2 * u8::from(of.offset > 0) + 4 * u8::from(is_first));
    if let Some(limit) = of.limit.filter(|_| !is_first) {
        shape.value(Value::Int(limit));
    }
    if of.offset > 0 {
        shape.value(Value::Int(of.offset));
    }
    session.database().texts().bind(session, shape, || select_text(session, model, of))
}

fn select_text(session: &Session, model: &SchemaModel, of: &Select) -> Result<Text> {
    let mut draft = Draft::new(session);
    let root = draft.root(model);
    let mut select = SelectStatement::new();
    select.from(root.table());
    select.exprs(of.fields.iter().chain(&of.also).map(|id| root.field(model.at(*id))));
    select.and_where(draft.condition(&root, &of.filter, Origin::Caller)?);
    select.and_where_option(draft.permitted(&root, Verb::Read)?);
    draft.order(&mut select, &root, &of.sort)?;
    if of.is_first() {
        select.limit(draft.written_number(1));
    } else if of.limit.is_some() {
        select.limit(draft.request_number());
    }
    if of.offset > 0 {
        select.offset(draft.request_number());
    }
    if of.is_locking {
        select.lock_exclusive();
    }
    let layout = Layout::of(model, of.fields.iter().copied());
    Text::build(&select, of.lane, &draft.slots, layout)
}

/// Counts the rows that pass: up to `cap`, or all of them without one.
pub(crate) fn count(
    session: &Session,
    model: &SchemaModel,
    filter: &Filter,
    cap: Option<i64>,
) -> Result<Bound> {
    let mut shape = Shape::new(b'n', model, session);
    shape.filter(filter, session)?;
    shape.tag(u8::from(cap.is_some()));
    if let Some(cap) = cap {
        shape.value(Value::Int(cap));
    }
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut rows = SelectStatement::new();
        rows.expr(Expr::cust("1")).from(root.table());
        rows.and_where(draft.condition(&root, filter, Origin::Caller)?);
        rows.and_where_option(draft.permitted(&root, Verb::Read)?);
        if cap.is_some() {
            rows.limit(draft.request_number());
        }
        let mut select = SelectStatement::new();
        select.expr(Func::count(Expr::cust("*"))).from_subquery(rows, Alias::new("rows"));
        Text::build(&select, Lane::Fresh, &draft.slots, Layout::default())
    })
}

/// Asks the planner how many rows it expects to pass.
pub(crate) fn estimate(session: &Session, model: &SchemaModel, filter: &Filter) -> Result<Bound> {
    let mut shape = Shape::new(b'e', model, session);
    shape.filter(filter, session)?;
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut rows = SelectStatement::new();
        rows.expr(Expr::cust("1")).from(root.table());
        rows.and_where(draft.condition(&root, filter, Origin::Caller)?);
        rows.and_where_option(draft.permitted(&root, Verb::Read)?);
        let text = Text::build(&rows, Lane::Fresh, &draft.slots, Layout::default())?;
        Ok(text.explained())
    })
}

/// Of lists of ids, one for each model, those whose records the asker may see: the position of the
/// list, and the id.
pub(crate) fn visible_ids(
    session: &Session,
    lists: Vec<(&SchemaModel, Vec<i64>)>,
) -> Result<Bound> {
    let (first, _) = lists.first().ok_or_else(|| Error::broken("no model is asked"))?;
    let mut shape = Shape::new(b'v', first, session);
    let mut models = Vec::with_capacity(lists.len());
    for (model, ids) in lists {
        shape.number(model.id.index());
        shape.value(Value::List(ids.into_iter().map(Value::Int).collect()));
        models.push(model);
    }
    let make = || {
        let mut draft = Draft::new(session);
        let mut union: Option<SelectStatement> = None;
        for (at, model) in models.into_iter().enumerate() {
            let root = draft.root(model);
            let ids = draft.request(ParamType::list(PgType::Int8));
            let mut select = SelectStatement::new();
            select.expr(Expr::cust(format!("{at}::int8"))).expr(root.column("id"));
            select.from(root.table());
            select.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [root.column("id"), ids]));
            select.and_where_option(draft.permitted(&root, Verb::Read)?);
            match &mut union {
                Some(union) => _ = union.union(UnionType::All, select),
                None => union = Some(select),
            }
        }
        let union = union.ok_or_else(|| Error::broken("no model is asked"))?;
        Text::build(&union, Lane::ByKey, &draft.slots, Layout::default())
    };
    session.database().texts().bind(session, shape, make)
}

impl<'a> Draft<'a> {
    /// Orders by the keys; a key behind references joins what it passes, as far as the asker may
    /// see it.
    ///
    /// `NULLS LAST` is written only where there can be absent values: on a required column,
    /// `DESC NULLS LAST` would not use the column's index. Ascending order has them last anyway.
    pub(crate) fn order(
        &mut self,
        select: &mut SelectStatement,
        root: &Place<'a>,
        keys: &[SortKey],
    ) -> Result<()> {
        for key in keys {
            let mut place = root.clone();
            for hop in &key.hops {
                place = self.joined(select, &place, hop)?;
            }
            let field = place.named(key.field)?;
            let column = place.field(field);
            let can_be_absent = field.def.nullable || !key.hops.is_empty();
            match (key.is_descending, can_be_absent) {
                (false, _) => select.order_by_expr(column, Order::Asc),
                (true, false) => select.order_by_expr(column, Order::Desc),
                (true, true) => {
                    select.order_by_expr_with_nulls(column, Order::Desc, NullOrdering::Last)
                }
            };
        }
        Ok(())
    }

    fn joined(
        &mut self,
        select: &mut SelectStatement,
        from: &Place<'a>,
        hop: &str,
    ) -> Result<Place<'a>> {
        let field = from.named(hop)?;
        let target = self.place(self.outlook.schema.target(field));
        let mut on = target.column("id").equals_expr(from.field(field));
        if let Some(visible) = self.permitted(&target, Verb::Read)? {
            on = on.and(visible);
        }
        select.join_as(JoinType::LeftJoin, target.table(), target.alias(), on);
        Ok(target)
    }
}

impl Select {
    /// The record with this id.
    pub(crate) fn one(fields: Vec<FieldId>, id: i64) -> Self {
        Self {
            fields,
            also: Vec::new(),
            filter: Filter::Compare {
                field: "id",
                op: crate::Op::Eq,
                operand: Operand::Value(Value::Int(id)),
            },
            sort: Vec::new(),
            limit: None,
            offset: 0,
            lane: Lane::ByKey,
            is_locking: false,
        }
    }
}

impl Select {
    /// Whether it is about one row whatever the values: a plan that is kept has to know, or
    /// PostgreSQL makes a new one each time.
    fn is_first(&self) -> bool {
        self.lane == Lane::ByKey && self.limit == Some(1)
    }
}

impl SortKey {
    /// The tie-break behind other keys: `id`, in the direction of the last of them.
    pub fn id(behind: &[Self]) -> Self {
        let is_descending = behind.last().is_some_and(|it| it.is_descending);
        Self { hops: Vec::new(), field: "id", is_descending }
    }

    /// The order of a model's lists that do not say.
    pub fn of_model(model: &SchemaModel) -> Vec<Self> {
        let key = |it: &crate::schema::SortField| Self {
            hops: Vec::new(),
            field: model.at(it.field).def.name,
            is_descending: it.is_descending,
        };
        model.order.iter().map(key).collect()
    }
}
