//! Filters to conditions, with two-valued logic and the rights of every edge.
//!
//! A filter is lowered together with whether it is negated: a negation moves down to the
//! comparisons, where it is exact also for absent values, so no `NOT` ever meets a SQL `NULL`.

use sea_query::{Expr, ExprTrait};

use crate::{
    Error, Filter, Op, Operand, PgType, Quantifier, Result, Verb,
    filter::pattern,
    pg::ParamType,
    schema::SchemaField,
    sql::place::{Draft, Place},
};

/// Whose condition it is: what paths in it see, and where its values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Paths see the records that the caller may read.
    Caller,
    /// Paths see raw rows: a rule means the same for everyone and never recurses.
    Rule,
}

/// How a filter is read on its way down.
#[derive(Clone, Copy)]
struct Reading {
    origin: Origin,
    is_negated: bool,
}

/// A relation, and what is asked of the records behind it.
struct Edge<'f> {
    field: &'f str,
    /// A filter, and whether it must fail instead of pass.
    test: Option<(&'f Filter, bool)>,
}

impl<'a> Draft<'a> {
    /// The condition of a filter on the rows at `place`.
    pub(crate) fn condition(
        &mut self,
        place: &Place<'a>,
        filter: &Filter,
        origin: Origin,
    ) -> Result<Expr> {
        self.lower(place, filter, Reading { origin, is_negated: false })
    }

    fn lower(&mut self, place: &Place<'a>, filter: &Filter, how: Reading) -> Result<Expr> {
        let Reading { origin, is_negated } = how;
        match filter {
            Filter::And(list) => self.combine(place, list, how, true),
            Filter::Or(list) => self.combine(place, list, how, false),
            Filter::Not(inner) => self.lower(place, inner, how.opposite()),
            Filter::Compare { field, op, operand } => {
                self.compare(place, place.named(field)?, (*op, operand), how)
            }
            Filter::Absent { field } => {
                let column = place.column(place.named(field)?.def.key);
                Ok(if is_negated { column.is_not_null() } else { column.is_null() })
            }
            // Behind a reference of raw rows there is a record: the foreign key says so.
            Filter::NoRecord { field }
                if origin == Origin::Rule && place.named(field)?.has_column() =>
            {
                let column = place.field(place.named(field)?);
                Ok(if is_negated { column.is_not_null() } else { column.is_null() })
            }
            Filter::NoRecord { field } => {
                self.exists(place, &Edge { field, test: None }, origin, !is_negated)
            }
            // A record that is not there counts as a row of absent values. Where such a row
            // passes, the hop is "no record that fails"; where not, "a record that passes".
            Filter::Hop { field, inner } => {
                let passes = inner.on_absent();
                let edge = Edge { field, test: Some((&**inner, passes)) };
                self.exists(place, &edge, origin, passes != is_negated)
            }
            Filter::Related { field, quantifier, inner } => {
                let must_fail = *quantifier == Quantifier::Every;
                let edge = Edge { field, test: Some((&**inner, must_fail)) };
                let wants_none = *quantifier != Quantifier::Some;
                self.exists(place, &edge, origin, wants_none != is_negated)
            }
            Filter::Given { name } => {
                let operand = Operand::Macro(name.clone());
                let value = self.operand(origin, &operand, ParamType::one(PgType::Int8));
                Ok(if is_negated { value.is_null() } else { value.is_not_null() })
            }
        }
    }

    /// A conjunction, or else a disjunction; negated, each is the other of its negated parts.
    fn combine(
        &mut self,
        place: &Place<'a>,
        parts: &[Filter],
        how: Reading,
        is_and: bool,
    ) -> Result<Expr> {
        let is_and = is_and != how.is_negated;
        let mut whole: Option<Expr> = None;
        for part in parts {
            let part = self.lower(place, part, how)?;
            whole = Some(match whole {
                None => part,
                Some(whole) if is_and => whole.and(part),
                Some(whole) => whole.or(part),
            });
        }
        Ok(whole.unwrap_or_else(|| Expr::cust(if is_and { "TRUE" } else { "FALSE" })))
    }

    /// Whether there is a record behind the edge, or with `wants_none`, whether there is not.
    fn exists(
        &mut self,
        place: &Place<'a>,
        edge: &Edge<'_>,
        origin: Origin,
        wants_none: bool,
    ) -> Result<Expr> {
        let field = place.named(edge.field)?;
        if field.target.is_none() {
            return Err(Error::broken(format!("{} leads nowhere", field.def.name)));
        }
        let (mut select, target) = self.related(place, field);
        if origin == Origin::Caller {
            select.and_where_option(self.permitted(&target, Verb::Read)?);
        }
        if let Some((filter, is_negated)) = edge.test {
            select.and_where(self.lower(&target, filter, Reading { origin, is_negated })?);
        }
        let exists = Expr::exists(select);
        Ok(if wants_none { exists.not() } else { exists })
    }

    fn compare(
        &mut self,
        place: &Place<'a>,
        field: &SchemaField,
        (op, operand): (Op, &Operand),
        how: Reading,
    ) -> Result<Expr> {
        let (op, is_negated) = match op {
            Op::Ne => (Op::Eq, !how.is_negated),
            Op::Nin => (Op::In, !how.is_negated),
            op => (op, how.is_negated),
        };
        let is_true =
            self.compare_with(place.compared(field, how.origin), field, (op, operand), how.origin)?;
        Ok(match is_negated {
            false => is_true,
            // Exact also where the column, or a macro's value, is absent.
            true => Expr::cust_with_exprs("($1) IS NOT TRUE", [is_true]),
        })
    }

    fn compare_with(
        &mut self,
        column: Expr,
        field: &SchemaField,
        (op, operand): (Op, &Operand),
        origin: Origin,
    ) -> Result<Expr> {
        let pg_type = field.def.kind.rules().pg_type;
        let one = ParamType::one(pg_type);
        match op {
            Op::In => {
                let list = self.operand(origin, operand, ParamType::list(pg_type));
                return Ok(Expr::cust_with_exprs("$1 = ANY($2)", [column, list]));
            }
            Op::Between => {
                let (low, high) = bounds(operand)?;
                let low = self.operand(origin, low, one);
                let high = self.operand(origin, high, one);
                return Ok(column.clone().gte(low).and(column.lte(high)));
            }
            _ => {}
        }
        let value = match (origin, operand) {
            // A request's values become patterns where its shape is taken.
            (Origin::Rule, Operand::Value(text)) => {
                let operand = Operand::Value(pattern(op, text.clone()));
                self.operand(origin, &operand, one)
            }
            _ => self.operand(origin, operand, one),
        };
        Ok(match op {
            Op::Lt => column.lt(value),
            Op::Lte => column.lte(value),
            Op::Gt => column.gt(value),
            Op::Gte => column.gte(value),
            Op::Like | Op::Starts | Op::Contains => {
                Expr::cust_with_exprs("$1 LIKE $2", [column, value])
            }
            Op::Ilike | Op::Holds => Expr::cust_with_exprs("$1 ILIKE $2", [column, value]),
            Op::Eq | Op::Ne | Op::In | Op::Nin | Op::Between => ExprTrait::eq(column, value),
        })
    }
}

impl Reading {
    fn opposite(self) -> Self {
        Self { is_negated: !self.is_negated, ..self }
    }
}

/// The two operands of `between`.
fn bounds(operand: &Operand) -> Result<(&Operand, &Operand)> {
    match operand {
        Operand::List(list) if list.len() == 2 => Ok((&list[0], &list[1])),
        _ => Err(Error::broken("`between` was parsed with two bounds")),
    }
}
