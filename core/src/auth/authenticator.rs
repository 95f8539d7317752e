//! Turns a token into whoever asks, and a password into a token.
//!
//! A login session is read by one statement when it is first seen, kept, and confirmed every
//! second together with all others in use. So a request has no statement for it, and what is
//! taken away (a session, a role, a user) is gone everywhere within two seconds.
//!
//! **Invariant:** what could not be confirmed for two seconds is not believed: it is read again,
//! and when that fails the answer is 503, never a guess.

mod own_account;
mod own_logins;
mod renewal;
mod sign_in;
mod tickets;

use std::{
    collections::BTreeSet,
    net::IpAddr,
    sync::{Arc, Weak, atomic::AtomicU64},
};

use chrono::{DateTime, TimeDelta, Utc};
use orm::{Database, Session};
use tokio::{sync::Notify, time::Instant};

use crate::{
    Clock, Error, Result, Unauthenticated,
    app::App,
    auth::{
        Accounts, Failures, Keys, LoginSessions, LoginState, TokenCodec, Who,
        held_login::Hold,
        login_cache::{Known, LoginCache},
        refresh_token::RefreshCodec,
        ticket::TicketCodec,
    },
    settings::SecretString,
};

/// Who may come in, and who is in.
pub struct Authenticator {
    codec: TokenCodec,
    refresh_tokens: RefreshCodec,
    tickets: TicketCodec,
    accounts: Arc<dyn Accounts>,
    login_sessions: Arc<dyn LoginSessions>,
    app: Weak<App>,
    database: Database,
    clock: Clock,
    failures: Failures,
    /// How many passwords were compared, whatever came of it.
    compared: AtomicU64,
    pub(super) logins: LoginCache,
    /// Rung when a look is wanted before the next second.
    wanted: Notify,
    access_ttl: TimeDelta,
    session_ttl: TimeDelta,
}

/// What somebody signs in with, and from where.
#[derive(Debug)]
pub struct Credentials {
    /// Who they say they are.
    pub login: String,
    /// What should prove it.
    pub password: SecretString,
    /// Where they are.
    pub address: IpAddr,
    /// What they use.
    pub agent: Option<String>,
}

/// The outcome of a good sign-in, or of its renewal.
#[derive(Debug)]
pub struct SignedIn {
    /// The access token.
    pub token: SecretString,
    /// How long it is good.
    pub expires_in: TimeDelta,
    /// What gives the next two tokens.
    pub refresh_token: SecretString,
    /// How long the whole sign-in lasts, however often it is renewed.
    pub ends_in: TimeDelta,
    /// Who is in now.
    pub who: Arc<Who>,
}

impl Authenticator {
    /// The authenticator of an environment whose database is open.
    ///
    /// # Errors
    /// When no module keeps users or login sessions, or there is no secret to make keys of.
    pub fn of(app: &Arc<App>) -> Result<Self> {
        let lacks = |what: &str| {
            Error::broken(format!("signing in needs {what}; list a module that brings them"))
        };
        let auth = &app.settings.auth;
        let secret = auth.secret.as_ref().ok_or_else(|| Error::broken("there is no secret"))?;
        let seconds = |it: std::time::Duration| {
            TimeDelta::from_std(it).map_err(|_| Error::broken("a time to live is out of range"))
        };
        let keys = Keys::of(secret, auth.secret_previous.as_ref());
        Ok(Self {
            codec: TokenCodec::new(&keys)?,
            refresh_tokens: RefreshCodec::new(&keys),
            tickets: TicketCodec::new(&keys),
            accounts: app.accounts.clone().ok_or_else(|| lacks("users"))?,
            login_sessions: app.login_sessions.clone().ok_or_else(|| lacks("login sessions"))?,
            app: Arc::downgrade(app),
            database: app.database()?.clone(),
            clock: app.clock.clone(),
            failures: Failures::new(auth.failures_per_minute, auth.failures_per_minute_address),
            compared: AtomicU64::new(0),
            logins: LoginCache::new(),
            wanted: Notify::new(),
            access_ttl: seconds(auth.access_ttl)?,
            session_ttl: seconds(auth.refresh_ttl)?,
        })
    }

    /// Who is behind an access token.
    ///
    /// # Errors
    /// Unauthenticated when nobody is; unavailable when it cannot be found out.
    pub async fn authenticate(&self, token: &str) -> Result<Arc<Who>> {
        Ok(self.authenticate_until(token).await?.0)
    }

    /// The same, and when the token runs out.
    pub(crate) async fn authenticate_until(
        &self,
        token: &str,
    ) -> Result<(Arc<Who>, DateTime<Utc>)> {
        let claims = self.codec.verify(token, self.now()).map_err(Error::unauthenticated)?;
        let nobody = || Error::unauthenticated(Unauthenticated::NoSession);
        let user = claims.user().ok_or_else(nobody)?;
        Ok((self.who_is_in(claims.sid, user).await?, claims.expires_at()))
    }

    /// Whoever is in by a login session, if it is this user.
    pub(super) async fn who_is_in(&self, login: i64, user: i64) -> Result<Arc<Who>> {
        let now = self.now();
        let known = match self.logins.find(login) {
            Known::Alive(who) => Some(who),
            Known::Ended => None,
            Known::Unsure => self.look_up(login).await?,
        };
        known
            .filter(|it| it.is_in(now) && it.state.user == user)
            .ok_or_else(|| Error::unauthenticated(Unauthenticated::NoSession))
    }

    /// Confirms all login sessions in use, by one statement; for a service to do every second.
    ///
    /// # Errors
    /// When the database is away. Nothing is believed for longer than two seconds then.
    pub async fn refresh(&self) -> Result<()> {
        self.logins.drop_unused();
        let ids = self.logins.in_use();
        if ids.is_empty() {
            return Ok(());
        }
        let asked = Instant::now();
        let session = self.session("refresh login sessions");
        let states = self.load(&session, &ids).await?;
        let known: BTreeSet<i64> = states.iter().map(|it| it.id).collect();
        ids.iter().filter(|it| !known.contains(it)).for_each(|it| self.logins.end(*it));
        self.take(&session, states, asked).await?;
        Ok(())
    }

    /// Notes in the database which login sessions are in use; for a service, now and then.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_use(&self) -> Result<()> {
        let ids = self.logins.in_use();
        if ids.is_empty() {
            return Ok(());
        }
        self.login_sessions.seen(&self.session("note login sessions in use"), &ids).await
    }

    /// Has every login session read again with its next request: for whoever has just changed
    /// users, roles or companies in this process.
    pub fn distrust(&self) {
        self.logins.distrust();
        if self.logins.is_held() {
            self.wanted.notify_one();
        }
    }

    /// Waits until a look is wanted before the next second: somebody holds a login session, and nothing
    /// is believed any more.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Whether what is known of a held login session is to be believed.
    pub(super) fn is_fresh(&self, hold: &Hold) -> bool {
        self.logins.is_fresh(hold)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn app(&self) -> Result<Arc<App>> {
        self.app.upgrade().ok_or_else(|| Error::unavailable("shutting down"))
    }

    async fn look_up(&self, login: i64) -> Result<Option<Arc<Who>>> {
        let asked = Instant::now();
        let session = self.session("read a login session");
        let states = self.load(&session, &[login]).await?;
        if states.is_empty() {
            self.logins.end(login);
        }
        Ok(self.take(&session, states, asked).await?.pop())
    }

    /// Keeps states that were asked for at `asked`; gives those who are in, if they still are.
    async fn take(
        &self,
        session: &Session,
        states: Vec<LoginState>,
        asked: Instant,
    ) -> Result<Vec<Arc<Who>>> {
        let now = self.clock.now();
        let mut who = Vec::with_capacity(states.len());
        let mut changed = Vec::new();
        for state in states {
            if state.is_revoked || now >= state.expires_at {
                self.logins.end(state.id);
            } else if !state.is_active {
                self.logins.forget(state.id);
            } else if let Some(known) =
                self.logins.last_known(state.id).filter(|it| it.state == state)
            {
                who.extend(self.logins.confirm(&known, asked));
            } else {
                changed.push(state);
            }
        }
        for made in self.make(session, changed).await? {
            who.extend(self.logins.confirm(&Arc::new(made), asked));
        }
        self.logins.announce();
        Ok(who)
    }

    /// Those in these states, under rights that are at least as new.
    async fn make(&self, session: &Session, states: Vec<LoginState>) -> Result<Vec<Who>> {
        let Some(version) = states.iter().map(|it| it.rights_version).max() else {
            return Ok(Vec::new());
        };
        let app = self.app()?;
        let rights = confirmed(app.rights.at_least(session, version).await)?;
        let users: Vec<i64> = states.iter().map(|it| it.user).collect();
        let lists = confirmed(app.rights.lists(session, &users).await)?;
        // Somebody may be signed in more than once.
        let made = |state: LoginState| {
            let lists = lists.get(&state.user).cloned().unwrap_or_default();
            Who::new(state, &rights, lists)
        };
        Ok(states.into_iter().map(made).collect())
    }

    async fn load(&self, session: &Session, ids: &[i64]) -> Result<Vec<LoginState>> {
        confirmed(self.login_sessions.load(session, ids).await)
    }

    fn session(&self, reason: &'static str) -> Session {
        Session::system(&self.database, reason)
    }
}

/// What could not be read, whatever the reason, cannot be confirmed: the answer is 503, never a
/// guess.
fn confirmed<T>(read: Result<T>) -> Result<T> {
    let unsure = |error: Error| {
        orm::Error::unavailable("login sessions cannot be confirmed").because(error).into()
    };
    read.map_err(unsure)
}
