//! `GET /{m}/defaults`: what a new record starts with.

use orm::{Judge, Verb, json};

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
        let Some(default) = field.def.default else { continue };
        if body.len() > 1 {
            body.push(b',');
        }
        json::key(&mut body, field.def.key);
        json::field(&mut body, field.def, &default());
    }
    body.push(b'}');
    Ok(Reply::ok(body))
}
