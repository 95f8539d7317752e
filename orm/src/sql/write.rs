//! Statements that write, and those that judge what was or will be written.
//!
//! Rules over a model's own columns ride in the statement: in its `WHERE` for the old row, in
//! its `RETURNING` for the new one. Rules that look at other tables are judged by [`judge`],
//! after the write and before the commit.

use sea_query::{
    Alias, DeleteStatement, Expr, ExprTrait, Func, InsertStatement, LockType, Query,
    SelectStatement,
};

use crate::{
    Error, Filter, PgType, Result, Scope, Session, Value, Verb,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaModel},
    sql::{
        Layout,
        cache::{Bound, Text},
        condition::Origin,
        place::{Draft, EqualsExpr, Place},
        stored::{begins, set, stored, written_type},
    },
};

/// What a write names: fields in the order of their values.
pub(crate) type Named<'a> = &'a [(FieldId, Value)];

/// Rows that are to be inserted.
pub(crate) struct NewRows {
    /// Each of the same fields in the same order, at least of one.
    pub(crate) rows: Vec<Vec<(FieldId, Value)>>,
    /// What all of them hold besides: who makes them, and when.
    pub(crate) stamped: Vec<(FieldId, Value)>,
    /// Whether every column comes back, or the key alone.
    pub(crate) is_whole: bool,
}

/// Inserts rows of the same fields; each returned row is every column or the key, then for
/// creating and for reading whether the asker may do it with the new row.
///
/// Several rows come as one array a column, so the text does not depend on their number.
pub(crate) fn insert(session: &Session, model: &SchemaModel, new: NewRows) -> Result<Bound> {
    let NewRows { rows, stamped, is_whole } = new;
    let is_single = rows.len() == 1;
    let mut shape = Shape::new(b'i', model, session);
    shape.tag(u8::from(is_single) | u8::from(is_whole) << 1);
    let ids = |row: &Vec<(FieldId, Value)>| row.iter().map(|it| it.0).collect();
    let fields: Vec<FieldId> = rows.first().map_or_else(Vec::new, ids);
    let stamps: Vec<FieldId> = ids(&stamped);
    shape.fields(fields.iter().copied());
    shape.fields(stamps.iter().copied());
    let stored = |(field, it): (FieldId, Value)| stored(session, model.at(field), it);
    if is_single {
        rows.into_iter().flatten().for_each(|it| shape.value(stored(it)));
    } else {
        let mut columns: Vec<Vec<Value>> =
            fields.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            columns.iter_mut().zip(row).for_each(|(column, it)| column.push(stored(it)));
        }
        columns.into_iter().for_each(|it| shape.value(Value::List(it)));
    }
    stamped.into_iter().for_each(|it| shape.value(it.1));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut insert = InsertStatement::new();
        insert.into_table(root.table());
        let all = fields.iter().chain(&stamps).map(|it| model.at(*it));
        insert.columns(all.map(|it| Alias::new(it.def.key)));
        let own = fields.iter().map(|it| {
            let field = model.at(*it);
            let pg_type = written_type(field);
            let value = if is_single {
                draft.request(ParamType::one(pg_type))
            } else {
                let list = draft.request(ParamType::list(pg_type));
                Func::cust("unnest").arg(list).into()
            };
            begins(field, value)
        });
        let mut values: Vec<Expr> = own.collect();
        // Of every row the same, however many there are.
        let stamps = stamps.iter().map(|it| written_type(model.at(*it)));
        values.extend(stamps.map(|it| draft.request(ParamType::one(it))));
        let shaped = if is_single {
            insert.values(values)
        } else {
            let mut select = SelectStatement::new();
            insert.select_from(select.exprs(values).take())
        };
        shaped.map_err(|it| Error::broken("an insert without a value a column").because(it))?;
        let judged = draft.judged(&root, &[Verb::Create, Verb::Read])?;
        // The key stands before all others.
        let width = if is_whole { usize::MAX } else { 1 };
        let read = every_column(&root).take(width);
        insert.returning(Query::returning().exprs(read.chain(judged)));
        let layout = Layout::of(model, model.columns().take(width).map(|it| it.id));
        Text::build(&insert, Lane::ByKey, &draft.slots, layout)
    })
}

/// Deletes one record, if it is there, the asker may, and it has the demanded version.
pub(crate) fn delete(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    version: Option<i64>,
) -> Result<Bound> {
    let mut shape = Shape::new(b'd', model, session);
    shape.tag(u8::from(version.is_some()));
    shape.value(Value::Int(id));
    version.into_iter().for_each(|it| shape.value(Value::Int(it)));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut delete = DeleteStatement::new();
        delete.from_table(root.table());
        let id = draft.request(ParamType::one(PgType::Int8));
        delete.and_where(root.column("id").equals_expr(id));
        if version.is_some() {
            let version = draft.request(ParamType::one(PgType::Int8));
            delete.and_where(root.column("version").equals_expr(version));
        }
        for rule in draft.permitted_all(&root, &[Verb::Read, Verb::Delete])? {
            delete.and_where(rule);
        }
        delete.returning(Query::returning().exprs([root.column("id")]));
        Text::build(&delete, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// Deletes the records with these ids, which [`pick_for_bulk`] gave.
pub(crate) fn delete_ids(session: &Session, model: &SchemaModel, ids: Vec<i64>) -> Result<Bound> {
    let mut shape = Shape::new(b'D', model, session);
    shape.value(Value::List(ids.into_iter().map(Value::Int).collect()));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut delete = DeleteStatement::new();
        delete.from_table(root.table());
        let ids = draft.request(ParamType::list(PgType::Int8));
        delete.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [root.column("id"), ids]));
        Text::build(&delete, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// Which rows a write of many is about.
#[derive(Clone, Copy)]
pub(crate) struct Bulk<'a> {
    pub(crate) filter: &'a Filter,
    /// What is to be done with them.
    pub(crate) verb: Verb,
    /// What they are to hold: rows that hold it already are left alone. Empty to delete.
    pub(crate) named: Named<'a>,
    /// How many there may be.
    pub(crate) max: i64,
}

/// The ids of the rows that pass, that the asker may read and do the verb with, and that would
/// change; one more than allowed at the most, and locked where that is asked for.
pub(crate) fn pick_for_bulk(
    session: &Session,
    model: &SchemaModel,
    bulk: Bulk<'_>,
    is_locking: bool,
) -> Result<Bound> {
    let Bulk { filter, verb, named, max } = bulk;
    let mut shape = Shape::new(b'L', model, session);
    shape.tag(u8::from(is_locking));
    shape.tag(verb as u8);
    shape.filter(filter, session)?;
    shape.fields(named.iter().map(|it| it.0));
    set(&mut shape, session, model, named);
    shape.value(Value::Int(max.saturating_add(1)));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut select = SelectStatement::new();
        select.expr(root.column("id")).from(root.table());
        select.and_where(draft.condition(&root, filter, Origin::Caller)?);
        for rule in draft.permitted_all(&root, &[Verb::Read, verb])? {
            select.and_where(rule);
        }
        let differs = named.iter().map(|it| draft.differs(&root, it.0));
        let differs: Vec<Expr> = differs.collect();
        select.and_where_option(differs.into_iter().reduce(ExprTrait::or));
        select.order_by_expr(root.column("id"), sea_query::Order::Asc);
        select.limit(draft.request_number());
        if is_locking {
            select.lock_exclusive();
        }
        Text::build(&select, Lane::Fresh, &draft.slots, Layout::default())
    })
}

/// What is asked of records as they stand now.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// Whether the asker may do these things with them.
    pub(crate) verbs: &'a [Verb],
    /// What these columns hold.
    pub(crate) fields: &'a [FieldId],
    /// Whether they are locked, so that the answer stays true.
    pub(crate) is_locking: bool,
}

impl<'a> Question<'a> {
    /// Whether the asker may do these things.
    pub(crate) fn of(verbs: &'a [Verb]) -> Self {
        Self { verbs, fields: &[], is_locking: false }
    }

    /// The same with the records locked.
    pub(crate) fn locked(verbs: &'a [Verb]) -> Self {
        Self { is_locking: true, ..Self::of(verbs) }
    }
}

/// For each of these records: id, version, a verdict for each verb, then the columns.
pub(crate) fn judge(
    session: &Session,
    model: &SchemaModel,
    ids: Vec<i64>,
    question: Question<'_>,
) -> Result<Bound> {
    let Question { verbs, fields, is_locking } = question;
    let mut shape = Shape::new(b'j', model, session);
    shape.tag(u8::from(is_locking));
    shape.number(verbs.len());
    verbs.iter().for_each(|it| shape.tag(*it as u8));
    shape.fields(fields.iter().copied());
    shape.value(Value::List(ids.into_iter().map(Value::Int).collect()));
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let ids = draft.request(ParamType::list(PgType::Int8));
        let mut select = SelectStatement::new();
        select.from(root.table());
        select.expr(root.column("id")).expr(root.column("version"));
        for verb in verbs {
            select.expr(draft.may(&root, *verb)?);
        }
        select.exprs(fields.iter().map(|it| root.field(model.at(*it))));
        select.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [root.column("id"), ids]));
        if is_locking {
            // In one order for all, so that two of them do not wait for each other.
            select.order_by_expr(root.column("id"), sea_query::Order::Asc);
            // As an `UPDATE` does: whoever points at the row in the meantime need not wait.
            select.lock(LockType::NoKeyUpdate);
        }
        Text::build(&select, Lane::ByKey, &draft.slots, Layout::default())
    })
}

/// Who writes, and when.
pub(super) fn stamp(shape: &mut Shape, session: &Session) {
    shape.value(Value::DateTime(session.now()));
    shape.value(session.asker_id().map_or(Value::Null, Value::Int));
}

pub(super) fn every_column<'a>(root: &'a Place<'a>) -> impl Iterator<Item = Expr> + 'a {
    root.model.columns().map(|it| root.field(it))
}

pub(super) fn whole(model: &SchemaModel) -> Layout {
    Layout::of(model, model.columns().map(|it| it.id))
}

impl<'a> Draft<'a> {
    /// For each verb, whether the asker may do it with the row; rules that look at other tables
    /// are left to [`judge`] and count as unknown.
    pub(super) fn judged(&mut self, root: &Place<'a>, verbs: &[Verb]) -> Result<Vec<Expr>> {
        verbs.iter().map(|it| self.judged_one(root, *it)).collect()
    }

    fn judged_one(&mut self, root: &Place<'a>, verb: Verb) -> Result<Expr> {
        match self.outlook.scope(root.model, verb) {
            Scope::Where(rule) if rule.has_paths() => Ok(Expr::cust("NULL::boolean")),
            _ => self.may(root, verb),
        }
    }

    /// Whether the asker may do it with the row.
    pub(crate) fn may(&mut self, root: &Place<'a>, verb: Verb) -> Result<Expr> {
        Ok(match self.outlook.scope(root.model, verb) {
            Scope::Denied => Expr::cust("FALSE"),
            Scope::All => Expr::cust("TRUE"),
            Scope::Where(rule) => {
                let rule = self.condition(root, &rule, Origin::Rule)?;
                Expr::cust_with_exprs("($1) IS TRUE", [rule])
            }
        })
    }
}
