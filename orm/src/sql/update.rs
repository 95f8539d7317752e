//! Statements that change records: one by what is asked of it, or many to the same.

use sea_query::{Alias, Expr, ExprTrait, Query, UpdateStatement};

use crate::{
    Kind, PgType, Result, Session, Value, Verb,
    filter::Shape,
    pg::{Lane, ParamType},
    schema::{FieldId, SchemaModel},
    sql::{
        cache::{Bound, Text},
        place::{Draft, EqualsExpr, Place},
        stored::{becomes, set, written_type},
        write::{Named, every_column, stamp, whole},
    },
};

/// What must hold for one record to be changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// The version that it must have.
    pub(crate) version: Option<i64>,
    /// Whether the asker must be allowed to read and change the old row: that of a record that is
    /// held was judged before.
    pub(crate) is_judged: bool,
    /// Whether something must become another than it is: not where links have changed.
    pub(crate) must_differ: bool,
    /// Whether its version rises, and it is noted who has changed it.
    pub(crate) is_raised: bool,
}

impl Terms {
    /// Those of whoever asks for a change.
    pub(crate) fn asked(version: Option<i64>) -> Self {
        Self { version, is_judged: true, must_differ: true, is_raised: true }
    }

    /// Those of a record that is held and judged.
    pub(crate) fn held() -> Self {
        Self { version: None, is_judged: false, must_differ: true, is_raised: true }
    }

    /// Those of a held record whose links have changed.
    pub(crate) fn linked() -> Self {
        Self { must_differ: false, ..Self::held() }
    }

    /// Those of a held record that follows from others.
    pub(crate) fn followed(is_raised: bool) -> Self {
        Self { must_differ: false, is_raised, ..Self::held() }
    }
}

/// Changes one record, if it is there and the terms hold. Returns as [`super::insert`] does, for updating
/// and reading the new row.
pub(crate) fn update(
    session: &Session,
    model: &SchemaModel,
    (id, terms): (i64, Terms),
    named: Named<'_>,
) -> Result<Bound> {
    let Terms { version, is_judged, must_differ, is_raised } = terms;
    let mut shape = Shape::new(b'u', model, session);
    let tag = [version.is_some(), is_judged, must_differ, is_raised];
    shape.tag(tag.into_iter().fold(0, |tag, it| tag << 1 | u8::from(it)));
    shape.fields(named.iter().map(|it| it.0));
    if must_differ {
        set(&mut shape, session, model, named);
    }
    shape.value(Value::Int(id));
    version.into_iter().for_each(|it| shape.value(Value::Int(it)));
    set(&mut shape, session, model, named);
    if is_raised {
        stamp(&mut shape, session);
    }
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let compared = named.iter().filter(|_| must_differ);
        let differs: Vec<Expr> = compared.map(|it| draft.differs(&root, it.0)).collect();
        let mut update = UpdateStatement::new();
        update.table(root.table());
        let id = draft.request(ParamType::one(PgType::Int8));
        update.and_where(root.column("id").equals_expr(id));
        if version.is_some() {
            let version = draft.request(ParamType::one(PgType::Int8));
            update.and_where(root.column("version").equals_expr(version));
        }
        draft.assign(&mut update, &root, named.iter().map(|it| it.0));
        if is_raised {
            draft.raise(&mut update, &root);
        }
        update.and_where_option(differs.into_iter().reduce(ExprTrait::or));
        if is_judged {
            for rule in draft.permitted_all(&root, &[Verb::Read, Verb::Update])? {
                update.and_where(rule);
            }
        }
        let judged = draft.judged(&root, &[Verb::Update, Verb::Read])?;
        update.returning(Query::returning().exprs(every_column(&root).chain(judged)));
        Text::build(&update, Lane::ByKey, &draft.slots, whole(model))
    })
}

/// Changes the records with these ids, which [`super::pick_for_bulk`] gave. Returns as [`update`] does.
pub(crate) fn update_ids(
    session: &Session,
    model: &SchemaModel,
    ids: Vec<i64>,
    named: Named<'_>,
) -> Result<Bound> {
    let mut shape = Shape::new(b'U', model, session);
    shape.fields(named.iter().map(|it| it.0));
    shape.value(Value::List(ids.into_iter().map(Value::Int).collect()));
    set(&mut shape, session, model, named);
    stamp(&mut shape, session);
    session.database().texts().bind(session, shape, || {
        let mut draft = Draft::new(session);
        let root = draft.root(model);
        let mut update = UpdateStatement::new();
        update.table(root.table());
        let ids = draft.request(ParamType::list(PgType::Int8));
        update.and_where(Expr::cust_with_exprs("$1 = ANY($2)", [root.column("id"), ids]));
        draft.assign(&mut update, &root, named.iter().map(|it| it.0));
        draft.raise(&mut update, &root);
        let judged = draft.judged(&root, &[Verb::Update, Verb::Read])?;
        update.returning(Query::returning().exprs(every_column(&root).chain(judged)));
        Text::build(&update, Lane::ByKey, &draft.slots, whole(model))
    })
}

impl<'a> Draft<'a> {
    /// Whether a field has another value than the request's. JSON has no equality of its own.
    pub(super) fn differs(&mut self, root: &Place<'a>, field: FieldId) -> Expr {
        let field = root.model.at(field);
        let value = self.request(ParamType::one(written_type(field)));
        let pattern = match field.def.kind {
            Kind::Json => "$1::text IS DISTINCT FROM $2::text",
            _ => "$1 IS DISTINCT FROM $2",
        };
        Expr::cust_with_exprs(pattern, [root.column(field.def.key), becomes(root, field, value)])
    }

    /// Raises the version, and says who and when.
    fn raise(&mut self, update: &mut UpdateStatement, root: &Place<'a>) {
        let now = self.request(ParamType::one(PgType::Timestamptz));
        let who = self.request(ParamType::one(PgType::Int8));
        update.value(Alias::new("updated_at"), now);
        update.value(Alias::new("updated_by_id"), who);
        update.value(Alias::new("version"), root.column("version").add(Expr::cust("1")));
    }

    /// Sets the fields.
    fn assign(
        &mut self,
        update: &mut UpdateStatement,
        root: &Place<'a>,
        fields: impl Iterator<Item = FieldId>,
    ) {
        for id in fields {
            let field = root.model.at(id);
            let value = self.request(ParamType::one(written_type(field)));
            update.value(Alias::new(field.def.key), becomes(root, field, value));
        }
    }
}
