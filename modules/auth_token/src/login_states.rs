//! Login sessions as the framework asks for them.

use artel_core::{
    Error, Result, Session,
    auth::{LoginSessions, LoginState, NewLoginSession, OwnLogin, RefreshState},
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use orm::{Cond, ErrorKind, Id, Model, Record};
use users::User;

use crate::{LoginSession, UsedTicket};

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

    fn lock_refresh<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<RefreshState>>> {
        Box::pin(async move {
            let this = LoginSession::ID.eq(id).and(is_alive(now));
            let found = LoginSession::query(session).filter(this).for_update().first().await?;
            let Some(kept) = found.and_then(|it| it.refresh.clone()) else { return Ok(None) };
            let state = kept.expose().parse();
            state.map(Some).map_err(|()| Error::broken("a refresh state is none of ours"))
        })
    }

    fn keep_refresh<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        state: &'a RefreshState,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let kept = [
                LoginSession::REFRESH.set(state.to_string()),
                LoginSession::LAST_SEEN_AT.set(state.made_at()),
            ];
            LoginSession::update(session, id, kept).await?;
            Ok(())
        })
    }

    fn of_user<'a>(
        &'a self,
        session: &'a Session,
        user: i64,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<OwnLogin>>> {
        Box::pin(async move { Ok(alive(session, user, now).await?.iter().map(own).collect()) })
    }

    fn end_all<'a>(
        &'a self,
        session: &'a Session,
        user: i64,
        keep: Option<i64>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<i64>>> {
        Box::pin(async move {
            let alive = alive(session, user, now).await?;
            let ids = alive.iter().map(|it| it.id().get()).filter(|it| Some(*it) != keep);
            let ids: Vec<i64> = ids.collect();
            let these = LoginSession::ID.one_of(ids.iter().copied());
            let ended = [LoginSession::REVOKED_AT.set(now)];
            LoginSession::update_where(session, these, ended, i64::MAX).await?;
            Ok(ids)
        })
    }

    fn end_blocked<'a>(
        &'a self,
        session: &'a Session,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<i64>>> {
        Box::pin(async move {
            let alive = LoginSession::REVOKED_AT.is_none().and(LoginSession::EXPIRES_AT.gt(now));
            let blocked = alive.and(LoginSession::USER.to(User::ACTIVE).eq(false));
            let blocked = LoginSession::query(session).filter(blocked).all().await?;
            let ids: Vec<i64> = blocked.iter().map(|it| it.id().get()).collect();
            if !ids.is_empty() {
                let these = LoginSession::ID.one_of(ids.iter().copied());
                let ended = [LoginSession::REVOKED_AT.set(now)];
                LoginSession::update_where(session, these, ended, i64::MAX).await?;
            }
            Ok(ids)
        })
    }

    fn use_ticket<'a>(
        &'a self,
        session: &'a Session,
        name: &'a str,
        until: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let used = [UsedTicket::NAME.set(name), UsedTicket::UNTIL.set(until)];
            match UsedTicket::create(session, used).await {
                Ok(_) => Ok(true),
                Err(error) if matches!(error.kind(), ErrorKind::NotUnique { .. }) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn sweep_tickets<'a>(
        &'a self,
        session: &'a Session,
        now: DateTime<Utc>,
        max: i64,
    ) -> BoxFuture<'a, Result<i64>> {
        Box::pin(async move {
            let old = UsedTicket::UNTIL.lt(now);
            let old = UsedTicket::query(session).filter(old).limit(max).all().await?;
            let these = UsedTicket::ID.one_of(old.iter().map(|it| it.id().get()));
            Ok(UsedTicket::delete_where(session, these, max).await?)
        })
    }

    fn sweep<'a>(
        &'a self,
        session: &'a Session,
        before: DateTime<Utc>,
        max: i64,
    ) -> BoxFuture<'a, Result<i64>> {
        Box::pin(async move {
            let ended = LoginSession::EXPIRES_AT.lt(before).or(LoginSession::REVOKED_AT.lt(before));
            let ended = LoginSession::query(session).filter(ended).limit(max).all().await?;
            let these = LoginSession::ID.one_of(ended.iter().map(|it| it.id().get()));
            Ok(LoginSession::delete_where(session, these, max).await?)
        })
    }
}

fn is_alive(now: DateTime<Utc>) -> Cond<LoginSession> {
    LoginSession::REVOKED_AT.is_none().and(LoginSession::EXPIRES_AT.gt(now))
}

async fn alive(
    session: &Session,
    user: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Record<LoginSession>>> {
    let theirs = LoginSession::USER.eq(Id::new(user)).and(is_alive(now));
    Ok(LoginSession::query(session).filter(theirs).all().await?)
}

fn own(login: &Record<LoginSession>) -> OwnLogin {
    OwnLogin {
        id: login.id().get(),
        created_at: login.created_at(),
        last_seen_at: login.last_seen_at,
        address: login.address.clone(),
        agent: login.agent.clone(),
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
