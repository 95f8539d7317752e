//! One's own login sessions: where one is signed in, and the end of that.

use artel_core::{
    Ctx, Result,
    auth::OwnLogin,
    http::{
        NoContent,
        poem_openapi::{self, Object, OpenApi, param::Path, payload::Json},
    },
};
use chrono::{DateTime, Utc};

pub(crate) struct Routes;

/// Where somebody is signed in.
#[derive(Object)]
struct OwnSessions {
    data: Vec<OwnSession>,
}

/// One sign-in that is alive.
#[derive(Object)]
struct OwnSession {
    id: i64,
    created_at: DateTime<Utc>,
    /// When it was last in use, to the minute.
    last_seen_at: DateTime<Utc>,
    /// The network address that it began from.
    address: Option<String>,
    /// The program that it began with.
    agent: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
}

#[OpenApi(prefix_path = "/auth/sessions")]
impl Routes {
    /// Lists one's own login sessions that are alive, the latest first.
    #[oai(path = "/", method = "get", operation_id = "own_sessions")]
    async fn own_sessions(&self, ctx: Ctx) -> Result<Json<OwnSessions>> {
        let current = ctx.who().state.id;
        let own = ctx.app().authenticator()?.own_logins(ctx.who()).await?;
        let data = own.into_iter().map(|it| OwnSession::of(it, current)).collect();
        Ok(Json(OwnSessions { data }))
    }

    /// Ends one of one's own login sessions.
    #[oai(path = "/:id", method = "delete", operation_id = "end_own_session")]
    async fn end_own_session(&self, ctx: Ctx, id: Path<i64>) -> Result<NoContent> {
        ctx.app().authenticator()?.end_own_login(ctx.who(), id.0).await?;
        Ok(NoContent)
    }

    /// Ends all of one's own login sessions but the one that asks.
    #[oai(path = "/terminate_others", method = "post", operation_id = "end_other_sessions")]
    async fn end_other_sessions(&self, ctx: Ctx) -> Result<NoContent> {
        let this = ctx.who().state.id;
        ctx.app().authenticator()?.end_logins_of(ctx.user_id(), Some(this)).await?;
        Ok(NoContent)
    }
}

impl OwnSession {
    fn of(login: OwnLogin, current: i64) -> Self {
        let OwnLogin { id, created_at, last_seen_at, address, agent } = login;
        Self { id, created_at, last_seen_at, address, agent, current: id == current }
    }
}
