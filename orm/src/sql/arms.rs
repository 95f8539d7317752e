//! A page under a rule of several arms, as the ordered union of the first rows of each arm.
//!
//! Of `owner = @me or owner is null` PostgreSQL either walks the whole order and leaves out what
//! does not pass, or gathers all that passes and sorts it; both grow with the table. Where an
//! index has the rows of every arm in the order of the list, no arm gives more rows than the page
//! has, however many there are. `docs/decisions/0007-ordered-union.md` has the figures.
//!
//! **Invariant:** arms are disjoint and together the rule; the same rows come in the same order
//! as from one `SELECT`.

use std::sync::Arc;

use sea_query::{Alias, Expr, ExprTrait, Order, SelectStatement, UnionType};

use crate::{
    Filter, Op, Operand, Result, Scope, Session, Verb,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaField, SchemaModel, SortField},
    sql::{
        Layout, SortKey,
        cache::Text,
        condition::Origin,
        place::{Draft, EqualsExpr, Place},
        read::Select,
    },
};

/// The last row of a page that is read in this way.
const ROWS_MAX: i64 = 2_000;

/// A rule with arms, and how they are read.
pub(crate) struct Arms {
    rule: Arc<Filter>,
    way: Way,
    limit: u64,
    offset: u64,
}

/// How arms are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Nothing but the arms narrows the rows: each is read from its index and from nothing else,
    /// so one plan is good for all values, and is kept.
    Kept(Direction),
    /// Something else narrows the rows too, and may be served better by an index of its own:
    /// PostgreSQL plans anew, with the values.
    Fresh,
}

/// How an index is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

/// What an index finds the rows of an arm by.
struct Key<'a> {
    field: &'a SchemaField,
    /// What the field equals; absent values have no such thing.
    equals: Option<&'a Operand>,
    /// Whether the arm asks for nothing else of a row.
    is_alone: bool,
}

impl Arms {
    /// The arms of the rule that a page is read under, when reading them one by one pays: always,
    /// if nothing else narrows the rows; if something does, only when every arm is an equality,
    /// because absence is mostly common and such rows are found soon in the order itself.
    pub(crate) fn of(session: &Session, model: &SchemaModel, of: &Select) -> Option<Self> {
        let limit = of.limit.filter(|it| it + of.offset <= ROWS_MAX)?;
        if of.is_locking || of.lane != Lane::Fresh {
            return None;
        }
        let Scope::Where(rule) = session.scope(model, Verb::Read) else { return None };
        let (arms, rest) = parts(&rule)?;
        let keys: Vec<Key<'_>> = arms.iter().map(|it| Key::of(model, it)).collect::<Option<_>>()?;
        let direction = direction(model, &of.sort)?;
        let is_narrowed = of.filter != Filter::all()
            || !rest.iter().all(|it| is_of_the_asker(it))
            || !keys.iter().all(|it| it.is_alone);
        let way = if !is_narrowed {
            Way::Kept(direction)
        } else if keys.iter().all(|it| it.equals.is_some()) {
            Way::Fresh
        } else {
            return None;
        };
        let (limit, offset) = (u64::try_from(limit).ok()?, u64::try_from(of.offset).ok()?);
        Some(Self { rule, way, limit, offset })
    }

    /// What makes the text another one: it says the numbers of rows itself, for PostgreSQL does
    /// not keep a plan of which it does not know them.
    pub(crate) fn key(&self, shape: &mut Shape) {
        shape.tag(b'U');
        for number in [self.limit, self.offset] {
            shape.number(usize::try_from(number).expect("at most `ROWS_MAX`"));
        }
    }

    /// The text of the page.
    pub(crate) fn text(&self, session: &Session, model: &SchemaModel, of: &Select) -> Result<Text> {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut page = SelectStatement::new();
        let columns = match self.gives_whole_rows() {
            true => of.fields.iter().chain(&of.also).copied().collect(),
            false => self.columns(model, of),
        };
        page.exprs(columns.into_iter().map(|id| root.field(model.at(id))));
        page.from_subquery(self.union(&mut draft, &root, of)?, root.alias());
        draft.order(&mut page, &root, &of.sort)?;
        page.limit(draft.written_number(self.limit));
        if self.offset > 0 {
            page.offset(draft.written_number(self.offset));
        }
        let layout = Layout::of(model, of.fields.iter().copied());
        let lane = if self.way == Way::Fresh { Lane::Fresh } else { Lane::ByKey };
        if self.gives_whole_rows() {
            return Text::build(&page, lane, &draft.slots, layout);
        }
        let mut rows = SelectStatement::new();
        rows.exprs(of.fields.iter().chain(&of.also).map(|id| root.field(model.at(*id))));
        rows.from_subquery(page, Alias::new("page")).from(root.table());
        let of_page = Expr::col((Alias::new("page"), Alias::new("id")));
        rows.and_where(root.column("id").equals_expr(of_page));
        // A join keeps no order; for so few it is cheap.
        draft.order(&mut rows, &root, &of.sort)?;
        Text::build(&rows, lane, &draft.slots, layout)
    }

    /// Whether arms give rows as the page shows them. Otherwise what is kept reads indexes alone,
    /// and the rows of the page are found by id behind them: then those that are passed over cost
    /// next to nothing.
    fn gives_whole_rows(&self) -> bool {
        self.way == Way::Fresh || self.offset == 0
    }

    /// What arms give of a row.
    fn columns(&self, model: &SchemaModel, of: &Select) -> Vec<FieldId> {
        let keys = of.sort.iter().filter_map(|it| model.field(it.field)).map(|it| it.id);
        let whole = of.fields.iter().chain(&of.also).copied().filter(|_| self.gives_whole_rows());
        let mut columns: Vec<FieldId> = model.field("id").map(|it| it.id).into_iter().collect();
        for field in whole.chain(keys) {
            if !columns.contains(&field) {
                columns.push(field);
            }
        }
        columns
    }

    fn union<'a>(
        &self,
        draft: &mut Draft<'a>,
        root: &Place<'a>,
        of: &Select,
    ) -> Result<SelectStatement> {
        let (arms, rest) = parts(&self.rule).expect("looked at before");
        let mut union: Option<SelectStatement> = None;
        for (at, arm) in arms.iter().enumerate() {
            draft.slots.repeat_requests();
            let mut select = self.arm(draft, root, of, arm)?;
            for other in arms[..at].iter().filter(|it| !are_disjoint(it, arm)) {
                let not = Filter::Not(Box::new(other.clone()));
                select.and_where(draft.condition(root, &not, Origin::Rule)?);
            }
            for filter in &rest {
                select.and_where(draft.condition(root, filter, Origin::Rule)?);
            }
            match &mut union {
                // Order and limit of the first would be taken for those of the union.
                None => union = Some(whole(select)),
                Some(union) => _ = union.union(UnionType::All, select),
            }
        }
        Ok(union.expect("a rule has arms"))
    }

    /// The first rows of one arm.
    fn arm<'a>(
        &self,
        draft: &mut Draft<'a>,
        root: &Place<'a>,
        of: &Select,
        arm: &Filter,
    ) -> Result<SelectStatement> {
        let mut select = SelectStatement::new();
        select.from(root.table());
        select.exprs(
            // As they stand: the page around the arms reads them.
            self.columns(root.model, of)
                .into_iter()
                .map(|it| root.column(root.model.at(it).def.key)),
        );
        select.and_where(draft.condition(root, &of.filter, Origin::Caller)?);
        match self.way {
            Way::Fresh => _ = select.and_where(draft.condition(root, arm, Origin::Rule)?),
            Way::Kept(direction) => {
                let key = Key::of(root.model, arm).expect("looked at before");
                let column = root.field(key.field);
                select.and_where(draft.arm_condition(root, arm, &key)?);
                // All rows of the arm are the same here; that the field leads the order leaves
                // no index but its own.
                let order = if direction == Direction::Forward { Order::Asc } else { Order::Desc };
                select.order_by_expr(column, order);
            }
        }
        draft.order(&mut select, root, &of.sort)?;
        select.limit(draft.written_number(self.limit + self.offset));
        Ok(select)
    }
}

impl<'a> Draft<'a> {
    /// The condition of an arm that is read from its index.
    ///
    /// An equality is written as a list of one. Of `=`, PostgreSQL knows that its column orders
    /// nothing, and would weigh a walk through the whole order, by what is usual and not by who
    /// asks: whoever has no rows at all would have it walk to the end.
    fn arm_condition(&mut self, root: &Place<'a>, arm: &Filter, key: &Key<'_>) -> Result<Expr> {
        let Some(operand) = key.equals else { return self.condition(root, arm, Origin::Rule) };
        let of = ParamType::list(key.field.def.kind.rules().pg_type);
        let value = self.operand(Origin::Rule, &Operand::List(vec![operand.clone()]), of);
        let is_it = Expr::cust_with_exprs("$1 = ANY($2)", [root.field(key.field), value]);
        let given = conjuncts(arm).iter().filter(|it| is_of_the_asker(it));
        given
            .into_iter()
            .try_fold(is_it, |whole, it| Ok(whole.and(self.condition(root, it, Origin::Rule)?)))
    }
}

impl<'a> Key<'a> {
    /// The key of an arm, if a `scope_index` has its rows.
    fn of(model: &'a SchemaModel, arm: &'a Filter) -> Option<Self> {
        let indexed = |name: &str| {
            let field = model.field(name)?;
            (field.has_column() && model.def.scope_index.contains(&field.def.name)).then_some(field)
        };
        let conjuncts = conjuncts(arm);
        let (at, field, equals) = conjuncts.iter().enumerate().find_map(|(at, it)| match it {
            Filter::Compare { field, op: Op::Eq, operand } => {
                Some((at, indexed(field)?, Some(operand)))
            }
            Filter::Absent { field } | Filter::NoRecord { field } => {
                Some((at, indexed(field)?, None))
            }
            _ => None,
        })?;
        let mut others = conjuncts.iter().enumerate().filter(|it| it.0 != at);
        Some(Self { field, equals, is_alone: others.all(|it| is_of_the_asker(it.1)) })
    }
}

/// The arms of a rule, and what it asks of the rows of every arm.
fn parts(rule: &Filter) -> Option<(&[Filter], Vec<&Filter>)> {
    fn arms(filter: &Filter) -> Option<&[Filter]> {
        match filter {
            Filter::Or(arms) if arms.len() > 1 => Some(arms),
            _ => None,
        }
    }
    if let Some(arms) = arms(rule) {
        return Some((arms, Vec::new()));
    }
    let Filter::And(list) = rule else { return None };
    let (at, arms) = list.iter().enumerate().find_map(|(at, it)| Some((at, arms(it)?)))?;
    let rest = list.iter().enumerate().filter(|it| it.0 != at).map(|it| it.1);
    Some((arms, rest.collect()))
}

fn conjuncts(filter: &Filter) -> &[Filter] {
    match filter {
        Filter::And(list) => list,
        filter => std::slice::from_ref(filter),
    }
}

/// Whether it is the same for every row.
fn is_of_the_asker(filter: &Filter) -> bool {
    matches!(filter, Filter::Given { .. })
}

/// Whether it shows that no row passes both: one wants a field absent that the other compares.
fn are_disjoint(one: &Filter, other: &Filter) -> bool {
    let part = |absent: &Filter, compared: &Filter| {
        conjuncts(absent).iter().any(|it| {
            let (Filter::Absent { field: absent } | Filter::NoRecord { field: absent }) = it else {
                return false;
            };
            conjuncts(compared).iter().any(
                |it| matches!(it, Filter::Compare { field, op: Op::Eq, .. } if field == absent),
            )
        })
    };
    part(one, other) || part(other, one)
}

/// How an index of a rule's field is read for an order, if it can be: these indexes have the
/// order of the model behind that field, and each of its fields that is indexed by itself.
fn direction(model: &SchemaModel, sort: &[SortKey]) -> Option<Direction> {
    let key = |it: &SortKey| {
        let field = model.field(it.field).filter(|_| it.hops.is_empty())?;
        let is_indexed = !model.def.scope_index.contains(&field.def.name);
        (is_indexed && !field.def.is_translated())
            .then_some(SortField { field: field.id, is_descending: it.is_descending })
    };
    let sort: Vec<SortField> = sort.iter().map(key).collect::<Option<_>>()?;
    let first = *sort.first()?;
    let can_be_absent = |it: &SortField| model.at(it.field).def.nullable;
    let reversed = |order: &[SortField]| -> Vec<SortField> {
        let turned = |it: &SortField| SortField { is_descending: !it.is_descending, ..*it };
        order.iter().map(turned).collect()
    };
    let is_mirrored =
        |order: &[SortField]| order.iter().all(|it| it.is_descending && !can_be_absent(it));
    let mut orders = vec![model.order.clone()];
    if model.at(first.field).def.index {
        orders.push(model.with_tie_break(vec![first]));
    }
    let stored = orders.into_iter().map(|it| if is_mirrored(&it) { reversed(&it) } else { it });
    stored.into_iter().find_map(|it| {
        if it == sort {
            Some(Direction::Forward)
        } else if !it.iter().any(can_be_absent) && reversed(&it) == sort {
            Some(Direction::Backward)
        } else {
            None
        }
    })
}

/// A statement with brackets around it.
fn whole(select: SelectStatement) -> SelectStatement {
    let mut whole = SelectStatement::new();
    whole.expr(Expr::cust("*")).from_subquery(select, Alias::new("arm"));
    whole
}
