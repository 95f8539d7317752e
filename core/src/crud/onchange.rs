//! `POST /{m}/onchange`: what follows from a form that is being filled in.

use orm::{
    At, Judge, Leaf, Purpose, RawChanges, Scope, Verb, Violation, accept,
    engine::{self, Onchange},
    json::{self, Node},
    parse_changes,
    schema::{FieldSet, SchemaField, SchemaModel},
};

use crate::{
    Result,
    crud::{Reply, Request, query_string::QueryString},
    http::violation_text,
};

pub(crate) async fn onchange(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let session = &**request.ctx;
    let model = request.model()?;
    let body = json::parse_object(&request.body)?;
    let mut judge = Judge::new(session);
    if matches!(session.outlook().scope(model, Verb::Create), Scope::Denied) {
        judge.model(model, Verb::Update);
    }
    let mut form = Form { model, judge, entered: None, changed: None };
    let mut faults = Vec::new();
    for (key, node) in &body.entries {
        match &**key {
            "record" => faults.extend(form.record(node)),
            "changed" => faults.extend(form.changed(node)),
            _ => faults.push(Violation::at_key("", key, "unknown_field")),
        }
    }
    if body.get("record").is_none() {
        faults.push(Violation::at_pointer("/record", "required"));
    }
    let Form { judge, entered, changed, .. } = form;
    judge.verdict()?;
    accept(faults)?;
    let entered = entered.unwrap_or_default();
    let changed = changed.unwrap_or_else(|| {
        let values = entered.values.iter().map(|it| it.0);
        let links = entered.links.iter().map(|it| it.0);
        let names = values.chain(links).chain(entered.lines.iter().map(|it| it.0));
        names.filter_map(|it| model.field(it)).map(|it| it.id).collect()
    });
    let follows = engine::onchange(session, model, entered, changed).await;
    let follows = follows.map_err(|it| it.within("/record"))?;
    Ok(Reply::ok(written(request, model, &follows)))
}

/// The parts of a body so far.
struct Form<'a> {
    model: &'a SchemaModel,
    judge: Judge<'a>,
    entered: Option<RawChanges>,
    changed: Option<FieldSet>,
}

impl Form<'_> {
    fn record(&mut self, node: &Node<'_>) -> Vec<Violation> {
        let Node::Object(record) = node else {
            return vec![Violation::at_pointer("/record", "wrong_type").with("expected", "object")];
        };
        let (entered, faults) =
            parse_changes(&mut self.judge, self.model, record, Purpose::Update, "/record");
        self.entered = Some(entered);
        // A form that is not finished has gaps.
        faults.into_iter().filter(|it| it.code != "required").collect()
    }

    fn changed(&mut self, node: &Node<'_>) -> Vec<Violation> {
        let Node::Array(keys, _) = node else {
            return vec![Violation::at_pointer("/changed", "wrong_type").with("expected", "array")];
        };
        let mut changed = FieldSet::default();
        let mut faults = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            let pointer = format!("/changed/{at}");
            match &*key.as_leaf() {
                Leaf::Text(key) => match self.named(key, &pointer) {
                    Ok(field) => field.into_iter().for_each(|it| changed.insert(it.id)),
                    Err(fault) => faults.push(fault),
                },
                _ => faults.push(Violation::at_pointer(pointer, "unknown_field")),
            }
        }
        self.changed = Some(changed);
        faults
    }

    /// The field that a key of a record stands for; `None` when it is closed, which the judge keeps.
    fn named(&mut self, key: &str, pointer: &str) -> Result<Option<&SchemaField>, Violation> {
        let model = self.model;
        let schema = self.judge.outlook().schema;
        let own = model.by_key(key).filter(|it| it.is_open_to_bodies());
        let field = own.or_else(|| model.field(key).filter(|it| schema.takes_lines(it)));
        let field = field.ok_or_else(|| {
            let code = if model.by_key(key).is_some() { "read_only" } else { "unknown_field" };
            Violation::at_pointer(pointer, code)
        })?;
        let may = self.judge.writes(model, field, &At::Pointer(pointer.to_owned()));
        Ok(may.then_some(field))
    }
}

/// `{"record":{…},"warnings":[…]}`.
fn written(request: &Request<'_>, model: &SchemaModel, follows: &Onchange) -> Vec<u8> {
    let mut out = b"{\"record\":{".to_vec();
    for (at, (field, value)) in follows.values.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let def = model.at(*field).def;
        json::key(&mut out, def.key);
        json::field(&mut out, def, value);
    }
    out.extend_from_slice(b"},\"warnings\":[");
    for (at, warning) in follows.warnings.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"{\"code\":");
        json::string(&mut out, warning.code);
        out.extend_from_slice(b",\"message\":");
        json::string(&mut out, &violation_text(request.ctx, warning));
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    out
}
