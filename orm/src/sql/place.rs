//! A table where it stands in a statement, and the text that is being made around it.

use std::borrow::Cow;

use sea_query::{Alias, Expr, ExprTrait, SelectStatement};

use crate::{
    Error, Filter, Operand, Outlook, PgType, Result, Scope, Session, Verb,
    field::translated::{COMMON_LANGUAGE, is_language},
    pg::ParamType,
    schema::{SchemaField, SchemaModel, Storage},
    sql::{cache::Slots, condition::Origin},
};

/// One occurrence of a model's table.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    pub(crate) model: &'a SchemaModel,
    alias: Cow<'a, str>,
    /// The language of its texts.
    language: &'static str,
}

/// A text in the making: who it is for, its slots, and the names of its tables.
pub(crate) struct Draft<'a> {
    pub(crate) outlook: Outlook<'a>,
    pub(crate) slots: Slots,
    aliases: usize,
    /// The language of whoever reads.
    language: &'static str,
}

impl<'a> Place<'a> {
    /// A column of it, by key.
    pub(crate) fn column(&self, key: &str) -> Expr {
        Expr::col((Alias::new(&*self.alias), Alias::new(key)))
    }

    /// An expression of an author's, with the columns of this table where it names fields.
    fn expression(&self, expression: &str) -> String {
        let mut text = String::from("(");
        for (at, part) in expression.split(['{', '}']).enumerate() {
            match self.model.field(part).filter(|_| at % 2 == 1) {
                Some(field) => text.extend(["\"", &*self.alias, "\".\"", field.def.key, "\""]),
                None => text.push_str(part),
            }
        }
        text.push(')');
        text
    }

    /// What a field holds, as it is read: of a text in several languages, that of the reader.
    pub(crate) fn field(&self, field: &SchemaField) -> Expr {
        self.read_in(field, self.language)
    }

    /// What a condition says of a field. Rules mean the same for everyone, so that nobody gets
    /// more rows by asking for another language.
    pub(crate) fn compared(&self, field: &SchemaField, origin: Origin) -> Expr {
        match origin {
            Origin::Caller => self.field(field),
            Origin::Rule => self.read_in(field, COMMON_LANGUAGE),
        }
    }

    fn read_in(&self, field: &SchemaField, language: &'static str) -> Expr {
        match &field.storage {
            Storage::Expression(expression) => Expr::cust(self.expression(expression)),
            _ if field.def.is_translated() => text_in(self.column(field.def.key), language),
            _ => self.column(field.def.key),
        }
    }

    /// The field that a condition or an order names.
    pub(crate) fn named(&self, name: &str) -> Result<&'a SchemaField> {
        self.model
            .field(name)
            .ok_or_else(|| Error::broken(format!("{} has no field {name}", self.model.def.table)))
    }

    /// Its name in the statement.
    pub(crate) fn alias(&self) -> Alias {
        Alias::new(&*self.alias)
    }

    /// Its table.
    pub(crate) fn table(&self) -> Alias {
        Alias::new(self.model.def.table)
    }
}

/// What a computed field says in SQL, over columns of its table by the table's own name.
pub(crate) fn expression_of(model: &SchemaModel, expression: &str) -> String {
    let alias = Cow::Borrowed(model.def.table);
    Place { model, alias, language: COMMON_LANGUAGE }.expression(expression)
}

impl<'a> Draft<'a> {
    pub(crate) fn new(session: &'a Session) -> Self {
        Self { language: session.language(), ..Self::of(session.outlook()) }
    }

    /// The same without a way to the data: for a text that nobody runs.
    pub(crate) fn of(outlook: Outlook<'a>) -> Self {
        Self { outlook, slots: Slots::default(), aliases: 0, language: COMMON_LANGUAGE }
    }

    /// The table that a statement is about: goes by its own name.
    pub(crate) fn root(&self, model: &'a SchemaModel) -> Place<'a> {
        Place { model, alias: Cow::Borrowed(model.def.table), language: self.language }
    }

    /// Another occurrence of a table.
    pub(crate) fn place(&mut self, model: &'a SchemaModel) -> Place<'a> {
        self.aliases += 1;
        let alias = Cow::Owned(format!("t{}", self.aliases));
        Place { model, alias, language: self.language }
    }

    /// A name for a table of links.
    pub(crate) fn alias(&mut self) -> Alias {
        self.aliases += 1;
        Alias::new(format!("t{}", self.aliases))
    }

    /// A parameter for the next value of the request.
    pub(crate) fn request(&mut self, pg_type: ParamType) -> Expr {
        slot(self.slots.request(pg_type))
    }

    /// The same as a bare number, for `limit` and `offset`.
    pub(crate) fn request_number(&mut self) -> u64 {
        self.slots.request(ParamType::one(PgType::Int8)) as u64
    }

    /// A bare number that stands in the text itself.
    pub(crate) fn written_number(&mut self, number: u64) -> u64 {
        self.slots.written(number) as u64
    }

    /// A parameter of a condition: a value of the request, or of the rule that it stands in.
    pub(crate) fn operand(&mut self, origin: Origin, operand: &Operand, of: ParamType) -> Expr {
        slot(match origin {
            Origin::Caller => self.slots.request(of),
            Origin::Rule => self.slots.rule(operand, of),
        })
    }

    /// The rows behind a relation of `from`, as the body of a sub-select.
    pub(crate) fn related(
        &mut self,
        from: &Place<'a>,
        field: &'a SchemaField,
    ) -> (SelectStatement, Place<'a>) {
        let target = self.place(self.outlook.schema.target(field));
        let mut select = SelectStatement::new();
        select.expr(Expr::cust("1")).from_as(target.table(), target.alias());
        match &field.storage {
            Storage::Column | Storage::Expression(_) | Storage::Nowhere => {
                select.and_where(target.column("id").equals_expr(from.field(field)));
            }
            Storage::Inverse { key } => {
                select.and_where(target.column(key).equals_expr(from.column("id")));
            }
            Storage::Link { table, near, far } => {
                let link = self.alias();
                let end = |key: &str| Expr::col((link.clone(), Alias::new(key)));
                select.from_as(Alias::new(table), link.clone());
                select.and_where(end(near).equals_expr(from.column("id")));
                select.and_where(target.column("id").equals_expr(end(far)));
            }
        }
        (select, target)
    }

    /// The condition that the asker may do `verb` with a row; `None` when they may with all.
    ///
    /// # Errors
    /// Denied when they have no right at all.
    pub(crate) fn permitted(&mut self, place: &Place<'a>, verb: Verb) -> Result<Option<Expr>> {
        match self.outlook.scope(place.model, verb) {
            Scope::Denied => Err(Error::denied()),
            Scope::All => Ok(None),
            Scope::Where(rule) => self.condition(place, &rule, Origin::Rule).map(Some),
        }
    }

    /// The same for several verbs at once; a rule that stands for more than one is put once.
    pub(crate) fn permitted_all(&mut self, place: &Place<'a>, verbs: &[Verb]) -> Result<Vec<Expr>> {
        let mut seen: Vec<std::sync::Arc<Filter>> = Vec::new();
        let mut conditions = Vec::new();
        for verb in verbs {
            match self.outlook.scope(place.model, *verb) {
                Scope::Denied => return Err(Error::denied()),
                Scope::All => {}
                Scope::Where(rule) if seen.contains(&rule) => {}
                Scope::Where(rule) => {
                    conditions.push(self.condition(place, &rule, Origin::Rule)?);
                    seen.push(rule);
                }
            }
        }
        Ok(conditions)
    }
}

/// Of texts by language, that of this language, or else the common one, or else the first: keys of
/// `jsonb` have a fixed order.
fn text_in(column: Expr, language: &'static str) -> Expr {
    let mut tried = vec![language];
    tried.retain(|it| *it != COMMON_LANGUAGE && is_language(it));
    tried.push(COMMON_LANGUAGE);
    let tried: Vec<String> = tried.iter().map(|it| format!("$1 ->> '{it}'")).collect();
    let first = "JSONB_PATH_QUERY_FIRST($1, '$.*') #>> '{}'";
    Expr::cust_with_exprs(format!("COALESCE({}, {first})", tried.join(", ")), [column])
}

/// The number of a slot where its value will be.
fn slot(at: usize) -> Expr {
    Expr::val(i64::try_from(at).expect("a text has far fewer slots"))
}

/// `a = b` for two expressions.
pub(crate) trait EqualsExpr {
    fn equals_expr(self, other: Expr) -> Expr;
}

impl EqualsExpr for Expr {
    fn equals_expr(self, other: Expr) -> Expr {
        ExprTrait::eq(self, other)
    }
}
