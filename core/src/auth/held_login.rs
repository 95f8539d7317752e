//! A login session that somebody holds on to for longer than a request: whoever speaks over a socket.
//!
//! As long as it is held it counts as in use, so the look that a process takes every second confirms it
//! with all others; to ask how it stands costs neither a statement nor a lock. There is no task and no
//! timer for it: thousands can be walked through whenever [`LoginNews`] says that something changed.
//!
//! **Invariant:** what could not be confirmed for two seconds is not believed, as with requests.

use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use orm::StatementCounter;
use tokio::{sync::watch, time};

use crate::{
    Ctx, Error, Result, Unauthenticated,
    auth::{Authenticator, Who},
};

/// How often whoever waits for the end looks at the clock.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A login session that is held.
#[derive(Clone)]
pub struct HeldLogin {
    hold: Arc<Hold>,
    user: i64,
    expires_at: DateTime<Utc>,
    authenticator: Arc<Authenticator>,
}

/// How a held login session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginStanding {
    /// They are in.
    In,
    /// That could not be confirmed for two seconds: deliver nothing until it can.
    Unknown,
    /// They are out, and do not come back by it.
    Over(LoginEnd),
}

/// Why a held login session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginEnd {
    /// It was ended, or ran out, or its user may not be here any more.
    Ended,
    /// The access token that it is held by has run out.
    Expired,
}

/// Tells that something has changed about held login sessions: one has ended, rights are others, or what
/// was unknown is known again. That time has passed changes nothing: look at the clock, too.
pub struct LoginNews(watch::Receiver<u64>);

/// One message of somebody signed in: a [`Ctx`] with their rights as they are now.
pub struct SocketCtx {
    ctx: Ctx,
    statements: Arc<StatementCounter>,
    authenticator: Arc<Authenticator>,
}

/// What all who hold one login session share.
#[derive(Debug, Default)]
pub(crate) struct Hold {
    pub(crate) login: i64,
    /// When it was last confirmed, in milliseconds of the cache.
    pub(crate) confirmed_ms: AtomicU64,
    /// How often something about it has changed.
    pub(crate) revision: AtomicU64,
    pub(crate) is_over: AtomicBool,
}

impl HeldLogin {
    pub(super) fn new(
        hold: Arc<Hold>,
        user: i64,
        expires_at: DateTime<Utc>,
        authenticator: Arc<Authenticator>,
    ) -> Self {
        Self { hold, user, expires_at, authenticator }
    }

    /// Whose it is.
    pub fn user_id(&self) -> i64 {
        self.user
    }

    /// The login session.
    pub fn login_id(&self) -> i64 {
        self.hold.login
    }

    /// When the access token runs out by which it is held.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// How it stands now. Cheap: ask before every delivery.
    pub fn standing(&self) -> LoginStanding {
        if self.hold.is_over.load(Ordering::Acquire) {
            return LoginStanding::Over(LoginEnd::Ended);
        }
        if self.authenticator.now() >= self.expires_at {
            return LoginStanding::Over(LoginEnd::Expired);
        }
        match self.authenticator.is_fresh(&self.hold) {
            true => LoginStanding::In,
            false => LoginStanding::Unknown,
        }
    }

    /// Another number than before when anything about them has changed, their rights among it.
    pub fn revision(&self) -> u64 {
        self.hold.revision.load(Ordering::Acquire)
    }

    /// Waits until it is over. For a handler on its own; whoever has many sockets walks through them.
    pub async fn over(&self) -> LoginEnd {
        let mut news = self.authenticator.news();
        loop {
            if let LoginStanding::Over(end) = self.standing() {
                return end;
            }
            tokio::select! {
                () = news.next() => {}
                () = time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// What one message may do: rights are as fresh as those of a request.
    ///
    /// # Errors
    /// Unauthenticated when it is over; unavailable when that cannot be found out.
    pub async fn ctx(&self, language: Option<&'static str>) -> Result<SocketCtx> {
        if self.authenticator.now() >= self.expires_at {
            return Err(Error::unauthenticated(Unauthenticated::TokenExpired));
        }
        let who = self.authenticator.who_is_in(self.login_id(), self.user).await?;
        let statements = Arc::<StatementCounter>::default();
        let app = self.authenticator.app()?;
        let by = (who, self.expires_at);
        let ctx = Ctx::of_login(&app, by, language, statements.clone())?;
        Ok(SocketCtx { ctx, statements, authenticator: self.authenticator.clone() })
    }

    /// Holds it by a fresh access token of the same user from now on.
    ///
    /// # Errors
    /// Unauthenticated when the token is bad or somebody else's; then nothing has changed.
    pub async fn renew(&mut self, token: &str) -> Result<()> {
        let renewed = self.authenticator.hold(token).await?;
        if renewed.user != self.user {
            return Err(Error::unauthenticated(Unauthenticated::NoSession));
        }
        *self = renewed;
        Ok(())
    }
}

impl Authenticator {
    /// Holds the login session of an access token.
    ///
    /// # Errors
    /// Unauthenticated when nobody is behind it; unavailable when that cannot be found out.
    pub async fn hold(self: &Arc<Self>, token: &str) -> Result<HeldLogin> {
        let (who, expires_at) = self.authenticate_until(token).await?;
        self.hold_who(&who, expires_at)
    }

    /// Tells of changes from now on.
    pub fn news(&self) -> LoginNews {
        LoginNews(self.logins.news())
    }

    /// Holds the login session of somebody who is in.
    pub(super) fn hold_who(
        self: &Arc<Self>,
        who: &Who,
        expires_at: DateTime<Utc>,
    ) -> Result<HeldLogin> {
        let hold = self.logins.hold(who.state.id);
        let hold = hold.ok_or_else(|| Error::unauthenticated(Unauthenticated::NoSession))?;
        Ok(HeldLogin::new(hold, who.state.user, expires_at, Arc::clone(self)))
    }
}

impl LoginNews {
    /// Waits for the next change; several at once are one.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            // Whoever could tell is gone, and with them whoever could be in.
            std::future::pending::<()>().await;
        }
    }
}

impl Deref for SocketCtx {
    type Target = Ctx;

    fn deref(&self) -> &Ctx {
        &self.ctx
    }
}

impl Drop for SocketCtx {
    /// As after a request: whoever has changed rights has everybody looked at again.
    fn drop(&mut self) {
        if self.statements.has_signalled() {
            self.authenticator.distrust();
        }
    }
}

impl fmt::Debug for HeldLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeldLogin {} of #{}", self.hold.login, self.user)
    }
}
