//! Which sign-ins are alive: what the framework asks of the module that keeps login sessions.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use orm::Session;

use crate::{Result, auth::RefreshState};

/// A sign-in to be kept.
#[derive(Debug, Clone)]
pub struct NewLoginSession {
    /// Who signed in.
    pub user: i64,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Where from.
    pub address: Option<String>,
    /// With what.
    pub agent: Option<String>,
}

/// A sign-in and everything about its user that decides what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginState {
    /// The login session.
    pub id: i64,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Whether it was ended before that.
    pub is_revoked: bool,
    /// The user.
    pub user: i64,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: Option<String>,
    /// The code of their language, if they chose one.
    pub language: Option<String>,
    /// Whether rights are of no concern to them.
    pub is_admin: bool,
    /// Whether they may sign in.
    pub is_active: bool,
    /// The company they work for now.
    pub company: Option<i64>,
    /// The companies they may work for.
    pub companies: Vec<i64>,
    /// The roles that they were given themselves.
    pub roles: Vec<i64>,
    /// The counter of changes of rights, as the same statement saw it.
    pub rights_version: i64,
    /// The counter of changes of what list macros read.
    pub askers_version: i64,
}

/// A sign-in as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnLogin {
    /// The login session.
    pub id: i64,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last in use, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Where from.
    pub address: Option<String>,
    /// With what.
    pub agent: Option<String>,
}

/// The login sessions of an installation. Sessions given to it are those of the system.
pub trait LoginSessions: Send + Sync + 'static {
    /// Keeps a sign-in; gives its id.
    fn open<'a>(&'a self, session: &'a Session, new: NewLoginSession)
    -> BoxFuture<'a, Result<i64>>;

    /// Ends a sign-in; one that has ended stays as it is.
    fn end<'a>(&'a self, session: &'a Session, id: i64) -> BoxFuture<'a, Result<()>>;

    /// Notes that these were in use at the session's time.
    fn seen<'a>(&'a self, session: &'a Session, ids: &'a [i64]) -> BoxFuture<'a, Result<()>>;

    /// All that is known of these sign-ins, in one statement; those that do not exist are left
    /// out.
    fn load<'a>(
        &'a self,
        session: &'a Session,
        ids: &'a [i64],
    ) -> BoxFuture<'a, Result<Vec<LoginState>>>;

    /// What is kept of the refresh token of a sign-in, if that is alive at this time; locks it
    /// until the transaction of the session ends.
    fn lock_refresh<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Option<RefreshState>>>;

    /// Keeps this of the refresh token of a sign-in.
    fn keep_refresh<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        state: &'a RefreshState,
    ) -> BoxFuture<'a, Result<()>>;

    /// The sign-ins of a user that are alive at this time, the latest first.
    fn of_user<'a>(
        &'a self,
        session: &'a Session,
        user: i64,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<OwnLogin>>>;

    /// Ends every sign-in of a user that is alive at this time, but for `keep`; which they were.
    fn end_all<'a>(
        &'a self,
        session: &'a Session,
        user: i64,
        keep: Option<i64>,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<i64>>>;

    /// Ends every sign-in, alive at this time, of a user who may not sign in; which they were.
    fn end_blocked<'a>(
        &'a self,
        session: &'a Session,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Vec<i64>>>;

    /// Writes down that a ticket was used, and until when that matters; whether it was the first time,
    /// in whichever process.
    fn use_ticket<'a>(
        &'a self,
        session: &'a Session,
        name: &'a str,
        until: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Deletes at most `max` used tickets that do not matter any more at this time; how many.
    fn sweep_tickets<'a>(
        &'a self,
        session: &'a Session,
        now: DateTime<Utc>,
        max: i64,
    ) -> BoxFuture<'a, Result<i64>>;

    /// Deletes at most `max` sign-ins that ended before this time; how many.
    fn sweep<'a>(
        &'a self,
        session: &'a Session,
        before: DateTime<Utc>,
        max: i64,
    ) -> BoxFuture<'a, Result<i64>>;
}
