//! `GET /{m}/schema` and `GET /models`: what there is, in the caller's language and rights, enough
//! to draw a form.

use orm::{
    Error, Kind, Scope, Session, Verb,
    schema::{SchemaField, SchemaModel, Storage},
};
use serde_json::{Map, Value, json};

use crate::{
    Ctx, Result,
    crud::{Reply, Request, conditional, query_string::QueryString},
    i18n::Texts,
};

/// The models that the caller may read.
pub(crate) fn models(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let ctx = request.ctx;
    let readable = ctx.schema().models().iter().filter(|it| may(ctx, it, Verb::Read));
    let models: Vec<Value> = readable
        .map(|model| {
            let label = ctx.app().texts.model_label(ctx.language(), model.def.table);
            json!({ "model": model.def.table, "label": label, "can": can(ctx, model) })
        })
        .collect();
    Ok(Reply::ok(json!({ "data": models }).to_string().into_bytes()))
}

/// One model; for whoever may do anything with it.
pub(crate) fn describe(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let ctx = request.ctx;
    let model = request.model()?;
    if !ctx.access().is_granted(ctx.outlook().whole(model).id) {
        return Err(Error::denied().into());
    }
    let texts = &ctx.app().texts;
    let fields: Vec<Value> =
        model.fields().iter().filter_map(|it| field(ctx, model, it, texts)).collect();
    let body = json!({
        "model": model.def.table,
        "label": texts.model_label(ctx.language(), model.def.table),
        "display": model.def.display,
        "default_filter": default_filter(ctx, model),
        "fields": fields,
        "can": can(ctx, model),
    });
    let body = body.to_string().into_bytes();
    let etag = conditional::etag_of(&body);
    if conditional::is_known(request.headers, &etag) {
        let not_modified = Reply::empty(http::StatusCode::NOT_MODIFIED);
        return Ok(Reply { etag: Some(etag), ..not_modified });
    }
    Ok(Reply { etag: Some(etag), ..Reply::ok(body) })
}

/// What a list on a screen presets: of records that can be put aside, those that are not.
fn default_filter(ctx: &Ctx, model: &SchemaModel) -> Value {
    let active = model.field("active").filter(|_| model.def.is_archivable);
    let readable = ctx.access().readable(model.id);
    let reads = |it: &SchemaField| readable.as_ref().is_none_or(|set| set.contains(it.id));
    active.filter(|it| reads(it)).map_or(Value::Null, |it| json!({ it.def.key: true }))
}

/// Whether the caller may do it with some record.
fn may(session: &Session, model: &SchemaModel, verb: Verb) -> bool {
    // A child has no rights of its own: they are its parent's.
    let mut model = model;
    let mut verb = verb;
    while let Some(parent) = model.parent {
        model = session.schema().target(model.at(parent));
        verb = if verb == Verb::Read { verb } else { Verb::Update };
    }
    !matches!(session.access().scope(model.id, verb), Scope::Denied)
}

fn can(session: &Session, model: &SchemaModel) -> Value {
    json!({
        "create": may(session, model, Verb::Create),
        "read": may(session, model, Verb::Read),
        "update": may(session, model, Verb::Update),
        "delete": may(session, model, Verb::Delete),
    })
}

/// A field; `None` when the caller may neither read nor write it.
fn field(ctx: &Ctx, model: &SchemaModel, field: &SchemaField, texts: &Texts) -> Option<Value> {
    let def = field.def;
    let access = ctx.access();
    let reads = access.readable(model.id).is_none_or(|it| it.contains(field.id));
    let writes = access.writable(model.id).is_none_or(|it| it.contains(field.id));
    let is_to_many = def.kind.is_to_many();
    // Ids of what may not be read are not given out.
    let is_behind = is_to_many && !may(ctx, ctx.schema().target(field), Verb::Read);
    let can_read = reads && !def.is_secret() && !is_behind;
    let is_writable = field.is_open_to_bodies() || ctx.schema().takes_lines(field);
    let can_write = writes && is_writable;
    if !can_read && !can_write {
        return None;
    }
    let (language, table) = (ctx.language(), model.def.table);
    let mut whole = Map::new();
    let mut put = |name: &str, value: Value| whole.insert(name.to_owned(), value);
    put("name", json!(def.name));
    put("key", json!(def.key));
    put("kind", json!(def.kind.rules().name));
    put("label", json!(texts.field_label(language, table, def.name)));
    let help = texts.field_help(language, table, def.name);
    put("help", json!(help.unwrap_or_else(|| def.help.to_owned())));
    let is_required = is_writable && !is_to_many && def.is_demanded();
    put("required", json!(is_required));
    put("read_only", json!(!is_writable));
    if let Kind::Selection(selection) = def.kind {
        let choice = |it: &orm::SelectionChoice| {
            let label = texts.choice_label(language, (table, def.name), it.value);
            json!({ "value": it.value, "label": label })
        };
        put("choices", selection.choices.iter().map(choice).collect());
    }
    if field.target.is_some() {
        put("target", json!(ctx.schema().target(field).def.table));
    }
    if !def.targets.is_empty() {
        put("targets", json!(def.targets));
    }
    for (name, limit) in [("min", def.min), ("max", def.max), ("scale", def.scale.map(i64::from))] {
        if let Some(limit) = limit {
            put(name, json!(limit));
        }
    }
    put("operators", operators(field));
    put("can", json!({ "read": can_read, "write": can_write }));
    Some(Value::Object(whole))
}

fn operators(field: &SchemaField) -> Value {
    if field.def.is_secret() || field.storage == Storage::Nowhere {
        return json!([]);
    }
    if field.def.kind.is_to_many() {
        return json!(["some", "every", "none", "null"]);
    }
    let of_kind = field.def.kind.rules().operators.iter().map(|it| it.name());
    of_kind.chain(["null"]).collect()
}
