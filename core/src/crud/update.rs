//! `PATCH /{m}/{id}`: changes of a record, as a JSON merge patch.

use http::StatusCode;
use orm::{
    Judge, Purpose, RawChanges, Session, Verb, accept, json, parse_changes, schema::SchemaModel,
};

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
    let is_password = is_password(session, model, &changes);
    let written = orm::engine::update(session, model, request.id, changes, demanded).await?;
    if is_password {
        // Whoever knew the old one, and signed in with it, is out too.
        let (authenticator, this) =
            (request.ctx.app().authenticator()?, request.ctx.who().state.id);
        authenticator.end_logins_of(request.id, Some(this)).await?;
    }
    end_blocked(request, model).await?;
    Ok(written_reply(request, model, &written, StatusCode::OK))
}

/// Ends the sign-ins of those who were blocked.
pub(super) async fn end_blocked(request: &Request<'_>, model: &SchemaModel) -> Result<()> {
    if request.ctx.schema().asker().is_some_and(|it| it.id == model.id)
        && let Ok(authenticator) = request.ctx.app().authenticator()
    {
        authenticator.end_logins_of_blocked().await?;
    }
    Ok(())
}

/// Whether a sealed field of somebody who can sign in is among the changes.
fn is_password(session: &Session, model: &SchemaModel, changes: &RawChanges) -> bool {
    let is_sealed = |name| model.field(name).is_some_and(|it| it.def.seal.is_some());
    session.schema().asker().is_some_and(|it| it.id == model.id)
        && changes.values.iter().any(|(name, _)| is_sealed(name))
}
