//! What a list can be asked for beside its filter: the same of query strings and of bodies.

use orm::{
    At, Error, ErrorKind, Filter, Judge, Op, Operand, Session, SortKey, Value, Violation,
    engine::{Count, Expand, List},
    json::Node,
    schema::{FieldId, SchemaField, SchemaModel},
};

use crate::{
    Result,
    crud::{expand, list_page, order, selection},
};

/// Records of a page that does not say.
pub(crate) const LIMIT_USUAL: i64 = 50;
/// Records of a page at the most; more is refused, never clamped.
pub(crate) const LIMIT_MAX: i64 = 1_000;
/// Records passed over at the most.
pub(crate) const OFFSET_MAX: i64 = 10_000;

/// Conditions of a query string at the most, as many as a filter in a body may have.
const CONDITIONS_MAX: usize = 200;

/// A list while its request is read.
pub(crate) struct ListQuery<'a> {
    pub(crate) model: &'a SchemaModel,
    pub(crate) judge: Judge<'a>,
    pub(crate) filters: Vec<Filter>,
    fields: Option<Vec<FieldId>>,
    sort: Vec<SortKey>,
    limit: i64,
    offset: i64,
    count: Count,
    expand: Vec<Expand>,
}

impl<'a> ListQuery<'a> {
    /// A list that is asked for nothing yet.
    pub(crate) fn new(session: &'a Session, model: &'a SchemaModel) -> Self {
        Self {
            model,
            judge: Judge::new(session),
            filters: Vec::new(),
            fields: None,
            sort: Vec::new(),
            limit: LIMIT_USUAL,
            offset: 0,
            count: Count::None,
            expand: Vec::new(),
        }
    }

    /// Exactly these fields.
    pub(crate) fn fields<'n>(&mut self, names: impl Iterator<Item = (&'n str, At)>) -> Result<()> {
        self.fields = Some(selection::named(&mut self.judge, self.model, names)?);
        Ok(())
    }

    /// In this order, after what was said before: a path, with `-` before it from the largest
    /// down.
    pub(crate) fn sort(&mut self, key: &str, at: &At) -> Result<()> {
        order::add(&mut self.judge, self.model, &mut self.sort, (key, at))
    }

    /// This many records at the most.
    pub(crate) fn limit(&mut self, limit: Option<i64>, at: &At) -> Result<()> {
        self.limit = within(limit, LIMIT_MAX).ok_or_else(|| range(at, LIMIT_MAX))?;
        Ok(())
    }

    /// Without this many at the beginning.
    pub(crate) fn offset(&mut self, offset: Option<i64>, at: &At) -> Result<()> {
        self.offset = within(offset, OFFSET_MAX).ok_or_else(|| range(at, OFFSET_MAX))?;
        Ok(())
    }

    /// With the records behind these relations.
    pub(crate) fn expand_paths(&mut self, session: &'a Session, paths: &str) -> Result<()> {
        self.expand = expand::Reader::new(session, &mut self.judge).paths(self.model, paths)?;
        Ok(())
    }

    /// The same, from a body.
    pub(crate) fn expand_tree(
        &mut self,
        session: &'a Session,
        node: &Node<'_>,
        pointer: &str,
    ) -> Result<()> {
        let reader = expand::Reader::new(session, &mut self.judge);
        self.expand = reader.tree(self.model, node, pointer)?;
        Ok(())
    }

    /// Counted so.
    pub(crate) fn count(&mut self, count: Option<&str>, at: &At) -> Result<()> {
        self.count = match count {
            Some("none") => Count::None,
            Some("estimated") => Count::Estimated,
            Some("exact") => Count::Exact,
            _ => return Err(bad(at, "choice")),
        };
        Ok(())
    }

    /// Only those that pass this, too.
    pub(crate) fn condition(&mut self, filter: Filter, at: &At) -> Result<()> {
        if self.filters.len() == CONDITIONS_MAX {
            let params =
                vec![("reason", "too_many".to_owned()), ("max", CONDITIONS_MAX.to_string())];
            let violation = Violation { at: at.clone(), code: "bad_filter", params };
            return Err(Error::bad_query(violation).into());
        }
        self.filters.push(filter);
        Ok(())
    }

    /// Only those with this text in a field that is marked for it and that the asker may read.
    pub(crate) fn search(&mut self, text: &str, at: &At) -> Result<()> {
        let marked: Vec<&SchemaField> = self.model.columns().filter(|it| it.def.search).collect();
        if marked.is_empty() {
            return Err(Error::bad_query(Violation {
                at: at.clone(),
                code: "unknown_parameter",
                params: Vec::new(),
            })
            .into());
        }
        let readable = self.judge.outlook().access.readable(self.model.id);
        let may = |it: &&&SchemaField| readable.as_ref().is_none_or(|set| set.contains(it.id));
        let parts: Vec<Filter> = marked.iter().filter(may).map(|it| holds(it, text)).collect();
        if parts.is_empty() {
            self.judge.reads(self.model, marked[0], at);
        }
        self.filters.push(Filter::Or(parts));
        Ok(())
    }

    /// Runs it.
    ///
    /// # Errors
    /// What the asker named and may not, and what the database says.
    pub(crate) async fn run(self, session: &Session) -> Result<Vec<u8>> {
        let Self { model, mut judge, filters, fields, sort, limit, offset, count, expand } = self;
        judge.model(model, orm::Verb::Read);
        judge.verdict()?;
        let sort = order::complete(session, model, sort);
        let fields = fields.unwrap_or_else(|| selection::usual(session, model));
        let filter = match <[Filter; 1]>::try_from(filters) {
            Ok([filter]) => filter,
            Err(filters) => Filter::And(filters),
        };
        let list = List { fields, filter, sort, limit, offset, count, expand };
        Ok(list_page::write(&orm::engine::list(session, model, &list).await?))
    }
}

fn holds(field: &SchemaField, text: &str) -> Filter {
    Filter::Compare {
        field: field.def.name,
        op: Op::Holds,
        operand: Operand::Value(Value::Text(text.to_owned())),
    }
}

pub(crate) fn within(number: Option<i64>, max: i64) -> Option<i64> {
    number.filter(|it| (0..=max).contains(it))
}

pub(crate) fn range(at: &At, max: i64) -> crate::Error {
    let violation = Violation { at: at.clone(), code: "bad_parameter", params: Vec::new() };
    Error::bad_query(violation.with("reason", "out_of_range").with("min", 0).with("max", max))
        .into()
}

/// A parameter of the route's own whose value is wrong.
pub(crate) fn bad(at: &At, reason: &'static str) -> crate::Error {
    let violation = Violation { at: at.clone(), code: "bad_parameter", params: Vec::new() };
    Error::from(ErrorKind::BadQuery(violation.with("reason", reason))).into()
}
