//! The bodies of `update_where` and `delete_where`: a filter, what to set, how many at the most.
//!
//! **Invariant:** a filter that says nothing is refused like one that is missing, so that what was
//! left out by accident never stands for all records.

use orm::{
    FieldDef, FieldNames, Filter, Judge, Leaf, Purpose, RawChanges, Value, Verb, Violation, accept,
    json::{self, Node},
    parse_changes, parse_filter,
    schema::SchemaModel,
};

use crate::{
    Result,
    crud::{Reply, Request, query_string::QueryString},
};

/// How many records there may be: judged as a field of a record would be.
static MAX_AFFECTED: FieldDef = FieldDef {
    min: Some(0),
    ..FieldDef::of::<i64>(FieldNames {
        name: "max_affected",
        one: "max_affected",
        many: "max_affected",
        any: "max_affected",
    })
};

/// What is asked of many records at once.
pub(crate) struct Bulk {
    pub(crate) filter: Filter,
    /// Empty to delete.
    pub(crate) changes: RawChanges,
    pub(crate) max: i64,
}

/// Reads the body of a write of many.
///
/// # Errors
/// A filter that cannot be understood; a model or field that is closed; then every other fault.
pub(crate) fn read(request: &Request<'_>, verb: Verb) -> Result<Bulk> {
    QueryString::parse(request.query)?.finish()?;
    let model = request.model()?;
    let body = json::parse_object(&request.body)?;
    let mut judge = Judge::new(request.ctx);
    judge.model(model, Verb::Read);
    judge.model(model, verb);
    let mut reader = Reader { model, judge, filter: None, changes: None, max: None };
    let mut faults = Vec::new();
    for (key, node) in &body.entries {
        match (&**key, verb) {
            ("filter", _) => faults.extend(reader.filter(node)?),
            ("max_affected", _) => faults.extend(reader.max(node)),
            ("data", Verb::Update) => faults.extend(reader.changes(node)),
            _ => faults.push(Violation::at_key("", key, "unknown_field")),
        }
    }
    let needed: &[&str] = match verb {
        Verb::Update => &["filter", "data", "max_affected"],
        _ => &["filter", "max_affected"],
    };
    let missing = needed.iter().filter(|it| body.get(it).is_none());
    faults.extend(missing.map(|it| Violation::at_pointer(format!("/{it}"), "required")));
    let Reader { judge, filter, changes, max, .. } = reader;
    judge.verdict()?;
    accept(faults)?;
    Ok(Bulk {
        filter: filter.unwrap_or_else(Filter::nothing),
        changes: changes.unwrap_or_default(),
        max: max.unwrap_or_default(),
    })
}

/// The answer to a write of many.
pub(crate) fn affected(count: i64) -> Reply {
    Reply::ok(format!("{{\"affected\":{count}}}").into_bytes())
}

/// The parts of a body so far.
struct Reader<'a> {
    model: &'a SchemaModel,
    judge: Judge<'a>,
    filter: Option<Filter>,
    changes: Option<RawChanges>,
    max: Option<i64>,
}

impl Reader<'_> {
    fn filter(&mut self, node: &Node<'_>) -> Result<Option<Violation>> {
        if *node == Node::Leaf(Leaf::Null) {
            return Ok(Some(Violation::at_pointer("/filter", "required")));
        }
        let filter = parse_filter(&mut self.judge, self.model, node, "/filter")?;
        let says_nothing = says_nothing(&filter);
        self.filter = Some(filter);
        Ok(says_nothing.then(|| Violation::at_pointer("/filter", "required")))
    }

    fn max(&mut self, node: &Node<'_>) -> Option<Violation> {
        match (MAX_AFFECTED.kind.rules().parse)(&MAX_AFFECTED, &node.as_leaf()) {
            Ok(value) => {
                self.max = value.as_int();
                None
            }
            Err(fault) => Some(Violation {
                params: fault.params,
                ..Violation::at_pointer("/max_affected", fault.code)
            }),
        }
    }

    fn changes(&mut self, node: &Node<'_>) -> Vec<Violation> {
        let Node::Object(data) = node else {
            let is_absent = *node == Node::Leaf(Leaf::Null);
            let fault = Violation::at_pointer("/data", "required");
            let wrong = || Violation::at_pointer("/data", "wrong_type").with("expected", "object");
            return vec![if is_absent { fault } else { wrong() }];
        };
        let (changes, mut faults) =
            parse_changes(&mut self.judge, self.model, data, Purpose::Update, "/data");
        // Links, lines and secrets belong to one record: nobody gives many users one password.
        let is_sealed = |it: &&(&'static str, Value)| {
            self.model.field(it.0).is_some_and(|it| it.def.is_secret())
        };
        let links = changes.links.iter().map(|it| it.0);
        let own = links.chain(changes.values.iter().filter(is_sealed).map(|it| it.0));
        let keys = own.filter_map(|it| self.model.field(it)).map(|it| it.def.key);
        // Lines stand in a body by the name of their field.
        let keys = keys.chain(changes.lines.iter().map(|it| it.0));
        faults.extend(keys.map(|it| Violation::at_key("/data", it, "read_only")));
        self.changes = Some(changes);
        faults
    }
}

/// Whether it has no condition, and so would pass every record.
fn says_nothing(filter: &Filter) -> bool {
    matches!(filter, Filter::And(list) if list.iter().all(says_nothing))
}
