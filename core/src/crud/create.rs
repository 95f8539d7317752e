//! `POST /{m}`: a new record.

use http::StatusCode;
use orm::{
    Judge, Purpose, Verb, accept, engine::Written, json, parse_changes, schema::SchemaModel,
};

use crate::{
    Ctx, Result,
    crud::{Reply, Request, conditional, query_string::QueryString, selection},
    http::API_PREFIX,
};

pub(crate) async fn create(request: &Request<'_>) -> Result<Reply> {
    QueryString::parse(request.query)?.finish()?;
    let session = &**request.ctx;
    let model = request.model()?;
    let body = json::parse_object(&request.body)?;
    let mut judge = Judge::new(session);
    judge.model(model, Verb::Create);
    let (changes, faults) = parse_changes(&mut judge, model, &body, Purpose::Create, "");
    judge.verdict()?;
    accept(faults)?;
    let written = orm::engine::create(session, model, changes).await?;
    let location = format!("{API_PREFIX}/{}/{}", model.def.table, written.id);
    let reply = written_reply(request, model, &written, StatusCode::CREATED);
    Ok(Reply { location: Some(location), ..reply })
}

/// The record as it stands after a write, unless its writer may not see it or wants none.
pub(crate) fn written_reply(
    request: &Request<'_>,
    model: &SchemaModel,
    written: &Written,
    status: StatusCode,
) -> Reply {
    let bare = match status {
        StatusCode::CREATED => StatusCode::CREATED,
        _ => StatusCode::NO_CONTENT,
    };
    if !written.is_visible {
        return Reply::empty(bare);
    }
    let ctx: &Ctx = request.ctx;
    let fields = selection::usual(ctx, model);
    let etag = Some(conditional::etag(ctx, written.version, &fields));
    if conditional::prefers_minimal(request.headers) {
        return Reply { etag, is_minimal: true, ..Reply::empty(bare) };
    }
    let mut body = Vec::with_capacity(512);
    written.write_json(&fields.into_iter().collect(), &mut body);
    Reply { status, etag, ..Reply::ok(body) }
}
