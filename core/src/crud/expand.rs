//! Which relations come with records: paths of a query string, or the tree of a body.
//!
//! **Invariant:** every model, relation and field that is named here is put before the judge; what
//! is closed is not looked at any further.

use orm::{
    At, Error, Filter, Judge, Kind, SortKey, Verb, Violation,
    engine::Expand,
    json::{Node, Object},
    parse_filter,
    schema::{SchemaField, SchemaModel},
};

use crate::{
    Result,
    crud::{
        list_query::{LIMIT_MAX, LIMIT_USUAL, bad, range, within},
        order, search, selection,
    },
};

/// Levels of relations at the most.
pub(crate) const DEPTH_MAX: usize = 4;
/// Relations of one request at the most: each is a statement.
pub(crate) const RELATIONS_MAX: usize = 50;

/// Reads what a request wants to come with its records.
pub(crate) struct Reader<'r, 'a> {
    session: &'a orm::Session,
    judge: &'r mut Judge<'a>,
    relations: usize,
}

/// A relation of a query string with those behind it.
#[derive(Default)]
struct Named<'n> {
    name: &'n str,
    /// Whether the request names it itself, and not only as the way to another.
    is_named: bool,
    inner: Vec<Self>,
}

/// What a level of a body says of its records.
struct Level {
    filter: Filter,
    sort: Vec<SortKey>,
    limit: Option<i64>,
    fields: Option<Vec<orm::schema::FieldId>>,
    expand: Vec<Expand>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(crate) fn new(session: &'a orm::Session, judge: &'r mut Judge<'a>) -> Self {
        Self { session, judge, relations: 0 }
    }

    /// From a query string: `category,lines.product`.
    ///
    /// # Errors
    /// `unknown_field` for what is no field, `bad_parameter` for what is no relation, stands twice,
    /// is too deep or too much.
    pub(crate) fn paths(mut self, model: &'a SchemaModel, paths: &str) -> Result<Vec<Expand>> {
        let at = At::Parameter("expand".to_owned());
        let mut root = Named::default();
        for path in paths.split(',') {
            let mut level = &mut root;
            for (depth, name) in path.split('.').enumerate() {
                if depth == DEPTH_MAX {
                    return Err(bad_with(&at, "expand_too_deep", DEPTH_MAX));
                }
                let known = level.inner.iter().position(|it| it.name == name);
                let known = match known {
                    Some(known) => known,
                    None => {
                        self.count(&at)?;
                        level.inner.push(Named { name, ..Named::default() });
                        level.inner.len() - 1
                    }
                };
                level = &mut level.inner[known];
            }
            if std::mem::replace(&mut level.is_named, true) {
                return Err(bad(&at, "expand_twice"));
            }
        }
        self.named(model, &root.inner, &at)
    }

    fn named(
        &mut self,
        model: &'a SchemaModel,
        list: &[Named<'_>],
        at: &At,
    ) -> Result<Vec<Expand>> {
        let mut expand = Vec::with_capacity(list.len());
        for named in list {
            if let Some(any) = any(model, named.name, at) {
                if !named.inner.is_empty() {
                    return Err(bad(at, "expand_any"));
                }
                expand.extend(self.judge.reads(model, model.at(any.field), at).then_some(any));
                continue;
            }
            let Some((field, target)) = self.relation(model, named.name, at)? else { continue };
            let mut level = Level::of(field);
            level.expand = self.named(target, &named.inner, at)?;
            expand.push(self.finish(field, target, level, at));
        }
        Ok(expand)
    }

    /// From the body of a search: the tree at `pointer`.
    ///
    /// # Errors
    /// As of [`Self::paths`], and what `fields`, `filter` and `sort` of a level say.
    pub(crate) fn tree(
        mut self,
        model: &'a SchemaModel,
        node: &Node<'_>,
        pointer: &str,
    ) -> Result<Vec<Expand>> {
        self.level_of(model, node, (pointer, 0))
    }

    fn level_of(
        &mut self,
        model: &'a SchemaModel,
        node: &Node<'_>,
        (pointer, depth): (&str, usize),
    ) -> Result<Vec<Expand>> {
        let entries = &object(node, pointer)?.entries;
        let mut expand = Vec::with_capacity(entries.len());
        for (name, node) in entries {
            let at = Violation::at_key(pointer, name, "").at;
            if depth == DEPTH_MAX {
                return Err(bad_with(&at, "expand_too_deep", DEPTH_MAX));
            }
            self.count(&at)?;
            if let Some(any) = any(model, name, &at) {
                if !object(node, &format!("{pointer}/{name}"))?.entries.is_empty() {
                    return Err(bad(&at, "expand_any"));
                }
                expand.extend(self.judge.reads(model, model.at(any.field), &at).then_some(any));
                continue;
            }
            let Some((field, target)) = self.relation(model, name, &at)? else { continue };
            let pointer = format!("{pointer}/{name}");
            let said = object(node, &pointer)?;
            let level = self.level((field, target), said, (&pointer, depth))?;
            expand.push(self.finish(field, target, level, &at));
        }
        Ok(expand)
    }

    fn level(
        &mut self,
        (field, target): (&SchemaField, &'a SchemaModel),
        object: &Object<'_>,
        (pointer, depth): (&str, usize),
    ) -> Result<Level> {
        let mut level = Level::of(field);
        for (key, node) in &object.entries {
            let parent = pointer;
            let pointer = format!("{pointer}/{key}");
            let at = At::Pointer(pointer.clone());
            let is_of_lists = matches!(&**key, "sort" | "limit");
            if is_of_lists && !field.def.kind.is_to_many() {
                return Err(bad(&at, "expand_one"));
            }
            match &**key {
                "fields" => {
                    let names = search::texts(node, &pointer)?;
                    let names = names.iter().map(|(name, at)| (*name, at.clone()));
                    level.fields = Some(selection::named(self.judge, target, names)?);
                }
                "filter" => level.filter = parse_filter(self.judge, target, node, &pointer)?,
                "sort" => {
                    for (key, at) in &search::texts(node, &pointer)? {
                        order::add(self.judge, target, &mut level.sort, (key, at))?;
                    }
                }
                "limit" => {
                    let limit = within(search::number(node), LIMIT_MAX);
                    level.limit = Some(limit.ok_or_else(|| range(&at, LIMIT_MAX))?);
                }
                "expand" => level.expand = self.level_of(target, node, (&pointer, depth + 1))?,
                _ => {
                    let fault = Violation::at_key(parent, key, "unknown_parameter");
                    return Err(crate::Error::bad_parameter(fault));
                }
            }
        }
        Ok(level)
    }

    /// The relation of a name, and the model that it leads to; `None` for one that is closed.
    fn relation<'m>(
        &mut self,
        model: &'m SchemaModel,
        name: &str,
        at: &At,
    ) -> Result<Option<(&'m SchemaField, &'a SchemaModel)>> {
        let field = model.field(name).or_else(|| model.by_key(name));
        let Some(field) = field.filter(|it| !it.def.is_secret()) else {
            let shown: String = name.chars().take(80).collect();
            let violation = Violation { at: at.clone(), code: "unknown_field", params: Vec::new() };
            return Err(Error::bad_query(violation.with("field", shown)).into());
        };
        if !self.judge.reads(model, field, at) {
            return Ok(None);
        }
        // By its key it is a column, or a list of ids.
        if field.target.is_none() || field.def.name != name {
            return Err(bad(at, "expand_no_relation"));
        }
        let target = self.judge.outlook().schema.target(field);
        self.judge.model(target, Verb::Read);
        Ok(Some((field, target)))
    }

    fn finish(&self, field: &SchemaField, target: &SchemaModel, level: Level, at: &At) -> Expand {
        let Level { filter, sort, limit, fields, expand } = level;
        let sort = match field.def.kind.is_to_many() {
            true => order::complete(self.session, target, sort),
            false => Vec::new(),
        };
        let fields = fields.unwrap_or_else(|| selection::usual(self.session, target));
        Expand { field: field.id, fields, filter, sort, limit, expand, at: at.clone() }
    }

    fn count(&mut self, at: &At) -> Result<()> {
        self.relations += 1;
        match self.relations > RELATIONS_MAX {
            true => Err(bad_with(at, "expand_too_many", RELATIONS_MAX)),
            false => Ok(()),
        }
    }
}

impl Level {
    /// Of which nothing is said.
    fn of(field: &SchemaField) -> Self {
        let limit = field.def.kind.is_to_many().then_some(LIMIT_USUAL);
        Self { filter: Filter::all(), sort: Vec::new(), limit, fields: None, expand: Vec::new() }
    }
}

/// A reference to a record of any model, if that is what the name stands for: its records come as
/// they are.
fn any(model: &SchemaModel, name: &str, at: &At) -> Option<Expand> {
    let field = model.field(name).filter(|it| matches!(it.def.kind, Kind::AnyRecord))?.id;
    let (filter, at) = (Filter::all(), at.clone());
    let (fields, sort, expand) = (Vec::new(), Vec::new(), Vec::new());
    Some(Expand { field, fields, filter, sort, limit: None, expand, at })
}

fn object<'n, 't>(node: &'n Node<'t>, pointer: &str) -> Result<&'n Object<'t>> {
    match node {
        Node::Object(object) => Ok(object),
        _ => Err(bad(&At::Pointer(pointer.to_owned()), "wrong_type")),
    }
}

fn bad_with(at: &At, reason: &'static str, max: usize) -> crate::Error {
    let violation = Violation { at: at.clone(), code: "bad_parameter", params: Vec::new() };
    Error::bad_query(violation.with("reason", reason).with("max", max)).into()
}
