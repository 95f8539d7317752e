//! `GET /{m}/defaults`: what a new record starts with.

use orm::{
    Judge, Session, Value, Verb, json,
    schema::{SchemaField, SchemaModel},
};

use crate::{
    Result,
    crud::{Reply, Request, query_string::QueryString},
};

pub(crate) fn defaults(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let session = &**request.ctx;
    let model = request.model()?;
    let mut judge = Judge::new(session);
    judge.model(model, Verb::Create);
    judge.verdict()?;
    let readable = session.access().readable(model.id);
    let mut body = vec![b'{'];
    let open = |id| readable.as_ref().is_none_or(|it| it.contains(id));
    for field in model.columns().filter(|it| !it.def.is_secret() && open(it.id)) {
        let own = own_company(session, model, field);
        let Some(value) = own.or_else(|| field.def.default.map(|it| it())) else { continue };
        if body.len() > 1 {
            body.push(b',');
        }
        json::key(&mut body, field.def.key);
        json::field(&mut body, field.def, &value);
    }
    body.push(b'}');
    Ok(Reply::ok(body))
}

/// The company that a new record is of where nobody says.
fn own_company(session: &Session, model: &SchemaModel, field: &SchemaField) -> Option<Value> {
    let is_company = model.def.company_owned == Some(field.def.name);
    let own = || session.access().parameter("my_company").filter(|it| !it.is_null());
    if is_company { own() } else { None }
}
