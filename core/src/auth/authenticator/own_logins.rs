//! The login sessions of one user, as they look after them; and those that nobody needs any more.

use chrono::TimeDelta;

use crate::{
    Error, Result,
    auth::{Authenticator, OwnLogin, Who},
};

/// How long an ended login session is kept, for whoever asks what happened.
const KEPT: TimeDelta = TimeDelta::days(30);

/// How many are deleted by one statement: few, so that nobody waits for it.
const BATCH: i64 = 500;

impl Authenticator {
    /// The login sessions of whoever asks that are alive, the latest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn own_logins(&self, who: &Who) -> Result<Vec<OwnLogin>> {
        let session = self.session("own login sessions");
        self.login_sessions.of_user(&session, who.state.user, self.clock.now()).await
    }

    /// Ends one of one's own login sessions: here at once, elsewhere within two seconds.
    ///
    /// # Errors
    /// Missing when it is not alive, or somebody else's.
    pub async fn end_own_login(&self, who: &Who, id: i64) -> Result<()> {
        if !self.own_logins(who).await?.iter().any(|it| it.id == id) {
            return Err(Error::not_found());
        }
        self.logins.end(id);
        self.login_sessions.end(&self.session("end a login session"), id).await
    }

    /// Ends all login sessions of a user but `keep`: here at once, elsewhere within two seconds.
    ///
    /// # Errors
    /// When it could not be written down.
    pub async fn end_logins_of(&self, user: i64, keep: Option<i64>) -> Result<()> {
        let session = self.session("end the login sessions of a user");
        let ended = self.login_sessions.end_all(&session, user, keep, self.clock.now()).await?;
        ended.into_iter().for_each(|it| self.logins.end(it));
        Ok(())
    }

    /// Ends the login sessions of all who may not sign in any more, for good: they do not come
    /// back with the right to sign in.
    ///
    /// # Errors
    /// When it could not be written down.
    pub async fn end_logins_of_blocked(&self) -> Result<()> {
        let session = self.session("end the login sessions of blocked users");
        let ended = self.login_sessions.end_blocked(&session, self.clock.now()).await?;
        ended.into_iter().for_each(|it| self.logins.end(it));
        Ok(())
    }

    /// Deletes login sessions that ended long ago, in small batches; how many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep(&self) -> Result<i64> {
        let session = self.session("sweep login sessions");
        let before = self.clock.now() - KEPT;
        let mut swept = 0;
        loop {
            let batch = self.login_sessions.sweep(&session, before, BATCH).await?;
            swept += batch;
            if batch < BATCH {
                return Ok(swept);
            }
        }
    }
}
