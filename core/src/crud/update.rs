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
    let mut people = Vec::new();
    find_people(session, (model, request.id), &changes, &mut people);
    let written = orm::engine::update(session, model, request.id, changes, demanded).await?;
    for id in people.iter().filter(|it| it.is_new_password).map(|it| it.id) {
        // Whoever knew the old one, and signed in with it, is out too.
        let (authenticator, this) =
            (request.ctx.app().authenticator()?, request.ctx.who().state.id);
        authenticator.end_logins_of(id, Some(this)).await?;
    }
    if !people.is_empty() {
        end_blocked_logins(request).await?;
    }
    Ok(written_reply(request, model, &written, StatusCode::OK))
}

/// Ends the sign-ins of those who were blocked.
pub(super) async fn end_blocked(request: &Request<'_>, model: &SchemaModel) -> Result<()> {
    match request.ctx.schema().asker().is_some_and(|it| it.id == model.id) {
        true => end_blocked_logins(request).await,
        false => Ok(()),
    }
}

async fn end_blocked_logins(request: &Request<'_>) -> Result<()> {
    if let Ok(authenticator) = request.ctx.app().authenticator() {
        authenticator.end_logins_of_blocked().await?;
    }
    Ok(())
}

/// Somebody who can sign in and is changed, be it as a line of another record.
struct Person {
    id: i64,
    /// Whether a sealed field of theirs is among the changes.
    is_new_password: bool,
}

/// Those who can sign in among a record and its lines of all levels.
fn find_people(
    session: &Session,
    (model, id): (&SchemaModel, i64),
    changes: &RawChanges,
    people: &mut Vec<Person>,
) {
    let schema = session.schema();
    if schema.asker().is_some_and(|it| it.id == model.id) {
        let is_sealed = |name| model.field(name).is_some_and(|it| it.def.seal.is_some());
        let is_new_password = changes.values.iter().any(|(name, _)| is_sealed(name));
        people.push(Person { id, is_new_password });
    }
    for (name, lines) in &changes.lines {
        let Some((target, _)) = model.field(name).and_then(|it| schema.lines(it)) else { continue };
        for line in &lines.update {
            find_people(session, (target, line.id), &line.changes, people);
        }
    }
}
