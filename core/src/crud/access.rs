//! `GET /{m}/{id}/access`: what a user may do with one record, and why; for administrators.

use orm::Session;
use serde_json::{Value, json};

use crate::{
    Error, Result,
    access::{self, DecidedBy, Decision, Standing},
    crud::{
        Reply, Request,
        query_string::{QueryString, bad_parameter},
    },
};

/// The parameter that names the user.
const USER: &str = "user_id";

pub(crate) async fn explain(request: &Request<'_>) -> Result<Reply> {
    let mut query = QueryString::parse(request.query)?;
    let user = query.take(USER)?.ok_or_else(|| bad_parameter(USER, "required"))?;
    query.finish()?;
    let is_number = user.bytes().all(|it| it.is_ascii_digit());
    let user = user.parse().ok().filter(|_| is_number);
    let user = user.ok_or_else(|| bad_parameter(USER, "wrong_type"))?;
    let ctx = request.ctx;
    if !ctx.is_admin() {
        return Err(Error::denied());
    }
    let model = request.model()?;
    let system = ctx.as_system("explain access");
    let standing = standing(request, &system, user).await?;
    // Rules of private models hold for administrators too.
    orm::engine::read(ctx, model, request.id, (&[], &[])).await?;
    let explained = access::explain(ctx.app(), &system, &standing, (model, request.id)).await?;
    let explained = explained.ok_or_else(Error::not_found)?;
    let body = json!({
        "read": decision(&explained.read),
        "update": decision(&explained.update),
        "delete": decision(&explained.delete),
        "fields": {
            "closed_for_reading": explained.closed_for_reading,
            "closed_for_writing": explained.closed_for_writing,
        },
    });
    Ok(Reply::ok(body.to_string().into_bytes()))
}

async fn standing(request: &Request<'_>, system: &Session, user: i64) -> Result<Standing> {
    let found = request.ctx.app().accounts()?.standing(system, user).await?;
    found.ok_or_else(|| bad_parameter(USER, "not_found"))
}

fn decision(of: &Decision) -> Value {
    json!({ "allowed": of.is_allowed, "decided_by": decided_by(&of.decided_by), "sql": of.sql })
}

fn decided_by(of: &DecidedBy) -> Value {
    let mut whole = match of {
        DecidedBy::Grant { id, role } => json!({ "id": id, "role": **role }),
        DecidedBy::Rule { id, name } | DecidedBy::BrokenRule { id, name } => {
            json!({ "id": id, "name": name })
        }
        DecidedBy::Rules { ids } => json!({ "ids": ids }),
        DecidedBy::Parent { model, id, decision: of } => {
            json!({ "model": model, "id": id, "decision": decision(of) })
        }
        DecidedBy::Module { name } => json!({ "name": name }),
        DecidedBy::NotActive
        | DecidedBy::Administrator
        | DecidedBy::NoGrant
        | DecidedBy::NoRuleForRoles
        | DecidedBy::NeedsRead => json!({}),
    };
    whole["kind"] = json!(of.kind());
    whole
}
