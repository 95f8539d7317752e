//! Login sessions as the framework asks for them.

use artel_core::{
    Error, Result, Session,
    auth::{LoginSessions, LoginState, NewLoginSession},
};
use chrono::DateTime;
use futures_util::future::BoxFuture;
use orm::{Id, Model};

use crate::LoginSession;

/// Everything about some login sessions in one statement: it runs every second for all of them.
const STATES: &str = include_str!("login_states.sql");

/// The longest text of an agent that is kept, in characters.
const AGENT_MAX: usize = 300;

/// The login sessions of the table `sessions`.
pub(crate) struct TableLoginSessions;

impl LoginSessions for TableLoginSessions {
    fn open<'a>(
        &'a self,
        session: &'a Session,
        new: NewLoginSession,
    ) -> BoxFuture<'a, Result<i64>> {
        Box::pin(async move {
            let agent = new.agent.map(|it| it.chars().take(AGENT_MAX).collect::<String>());
            let changes = [
                LoginSession::USER.set(Id::new(new.user)),
                LoginSession::EXPIRES_AT.set(new.expires_at),
                LoginSession::LAST_SEEN_AT.set(session.now()),
                LoginSession::ADDRESS.set(new.address),
                LoginSession::AGENT.set(agent),
            ];
            Ok(LoginSession::create(session, changes).await?.id().get())
        })
    }

    fn end<'a>(&'a self, session: &'a Session, id: i64) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let alive = LoginSession::ID.eq(id).and(LoginSession::REVOKED_AT.is_none());
            let ended = [LoginSession::REVOKED_AT.set(session.now())];
            LoginSession::update_where(session, alive, ended, 1).await?;
            Ok(())
        })
    }

    fn seen<'a>(&'a self, session: &'a Session, ids: &'a [i64]) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let these = LoginSession::ID.one_of(ids.iter().copied());
            let seen = [LoginSession::LAST_SEEN_AT.set(session.now())];
            LoginSession::update_where(session, these, seen, i64::MAX).await?;
            Ok(())
        })
    }

    fn load<'a>(
        &'a self,
        session: &'a Session,
        ids: &'a [i64],
    ) -> BoxFuture<'a, Result<Vec<LoginState>>> {
        Box::pin(async move {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            let ids = format!("{{{}}}", ids.join(","));
            let rows = session.sql(STATES, &[&ids]).await?;
            let states = rows.into_iter().map(|it| Columns(it.into_iter()).state());
            states
                .collect::<Option<_>>()
                .ok_or_else(|| Error::broken("a login session is no row of ours"))
        })
    }
}

/// The columns of one row, taken from the left.
struct Columns<I>(I);

impl<I: Iterator<Item = Option<String>>> Columns<I> {
    fn state(mut self) -> Option<LoginState> {
        Some(LoginState {
            id: self.text()?.parse().ok()?,
            expires_at: DateTime::from_timestamp_millis(self.text()?.parse().ok()?)?,
            is_revoked: self.flag()?,
            user: self.text()?.parse().ok()?,
            login: self.text()?,
            name: self.text()?,
            email: self.0.next()?,
            language: self.0.next()?,
            is_admin: self.flag()?,
            is_active: self.flag()?,
            company: self.0.next()?.map(|it| it.parse()).transpose().ok()?,
            companies: self.list(|it| it.parse().ok())?,
            roles: self.list(|it| it.parse().ok())?,
            rights_version: self.text()?.parse().ok()?,
            askers_version: self.text()?.parse().ok()?,
        })
    }

    fn text(&mut self) -> Option<String> {
        self.0.next()?
    }

    fn flag(&mut self) -> Option<bool> {
        self.text()?.parse().ok()
    }

    /// The lines of a text; of an absent one, none.
    fn list<T>(&mut self, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
        self.0.next()?.unwrap_or_default().lines().map(read).collect()
    }
}
