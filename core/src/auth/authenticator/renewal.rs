//! From a refresh token to the next two tokens.
//!
//! **Invariant:** of uses of one token, however many at once and in however many processes, one
//! makes its child: the row of the login session is locked while its fate is decided.

use chrono::{DateTime, Utc};
use orm::Session;
use tokio::time::Instant;

use crate::{
    Error, Result, Unauthenticated,
    auth::{
        Authenticator, LoginState, SignedIn,
        refresh_token::{RefreshToken, Use},
    },
    settings::SecretString,
};

/// How the use of a token ended.
enum Renewed {
    /// With its child, for whoever is in this state.
    For(Box<LoginState>, SecretString),
    /// With the end of its login session.
    Ended,
    /// With nothing.
    Nobody,
}

impl Authenticator {
    /// The next two tokens. A token that was used before ends its login session, unless that was
    /// just now and its child is unused: then the child is given again.
    ///
    /// # Errors
    /// Unauthenticated when the token is not ours, its login session has ended or its user is
    /// blocked.
    pub async fn renew(&self, refresh_token: &str) -> Result<SignedIn> {
        let nobody = || Error::unauthenticated(Unauthenticated::NoSession);
        let token = self.refresh_tokens.read(refresh_token).ok_or_else(nobody)?;
        let session = self.session("renew a login session");
        let (now, asked) = (self.clock.now(), Instant::now());
        let renewed = session.transaction(async |tx| self.use_token(tx, &token, now).await);
        match renewed.await? {
            Renewed::For(state, child) => {
                let who = self.take(&session, vec![*state], asked).await?.pop();
                let who = who.ok_or_else(nobody)?;
                self.issue(who, child, now)
            }
            Renewed::Ended => {
                self.logins.end(token.login);
                tracing::warn!(login_session = token.login, "a refresh token was used twice");
                Err(nobody())
            }
            Renewed::Nobody => Err(nobody()),
        }
    }

    /// Ends the login session of a refresh token; of what is no token of ours, nothing.
    ///
    /// # Errors
    /// When it could not be written down.
    pub async fn sign_out_by(&self, refresh_token: &str) -> Result<()> {
        let Some(token) = self.refresh_tokens.read(refresh_token) else { return Ok(()) };
        let session = self.session("sign out");
        let now = self.clock.now();
        let ended = session.transaction(async |tx| {
            let kept = self.login_sessions.lock_refresh(tx, token.login, now).await?;
            let Some(kept) = kept else { return Ok(false) };
            if let Use::Foreign = self.refresh_tokens.judge(&token, &kept, now) {
                return Ok(false);
            }
            self.login_sessions.end(tx, token.login).await?;
            Ok::<_, Error>(true)
        });
        if ended.await? {
            self.logins.end(token.login);
        }
        Ok(())
    }

    async fn use_token(
        &self,
        tx: &Session,
        token: &RefreshToken,
        now: DateTime<Utc>,
    ) -> Result<Renewed> {
        let id = token.login;
        let Some(kept) = self.login_sessions.lock_refresh(tx, id, now).await? else {
            return Ok(Renewed::Nobody);
        };
        let state = self.load(tx, &[id]).await?.into_iter().next();
        let Some(state) = state.filter(|it| it.is_active) else { return Ok(Renewed::Nobody) };
        match self.refresh_tokens.judge(token, &kept, now) {
            Use::Child(child, kept) => {
                self.login_sessions.keep_refresh(tx, id, &kept).await?;
                Ok(Renewed::For(Box::new(state), child))
            }
            Use::Again(child) => Ok(Renewed::For(Box::new(state), child)),
            Use::Stolen => {
                self.login_sessions.end(tx, id).await?;
                Ok(Renewed::Ended)
            }
            Use::Foreign => Ok(Renewed::Nobody),
        }
    }
}
