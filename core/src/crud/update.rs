//! `PATCH /{m}/{id}`: changes of a record, as a JSON merge patch.

use http::StatusCode;
use orm::{Judge, Purpose, Verb, accept, json, parse_changes};

use crate::{
    Result,
    crud::{Reply, Request, conditional, create::written_reply, query_string::QueryString},
};

pub(crate) async fn update(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let session = &**request.ctx;
    let model = request.model()?;
    let demanded = conditional::demanded_version(request.headers)?;
    let body = json::parse_object(&request.body)?;
    let mut judge = Judge::new(session);
    judge.model(model, Verb::Read);
    judge.model(model, Verb::Update);
    let (changes, faults) = parse_changes(&mut judge, model, &body, Purpose::Update, "");
    judge.verdict()?;
    accept(faults)?;
    let written = orm::engine::update(session, model, request.id, changes, demanded).await?;
    Ok(written_reply(request, model, &written, StatusCode::OK))
}
