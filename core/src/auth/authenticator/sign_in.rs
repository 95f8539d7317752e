//! From a password to tokens, and the end of what began so.
//!
//! **Invariant:** an unknown login, a blocked user and a wrong password look alike and cost the
//! same: one account read, one password compared.

use std::{
    net::IpAddr,
    sync::{Arc, atomic::Ordering},
};

use chrono::{DateTime, SubsecRound, Utc};
use orm::Session;
use tokio::time::Instant;

use crate::{
    Error, Result, Unauthenticated,
    auth::{
        Account, Authenticator, Credentials, NewLoginSession, SignedIn, Who,
        password::{self, Verdict},
    },
    settings::{ExposeSecret, SecretString},
};

/// How often a right password is tried when the account changes under it: its hash is made anew
/// by the first of many sign-ins at once.
const ATTEMPTS: usize = 3;

impl Authenticator {
    /// Lets somebody in who knows the password.
    ///
    /// A wrong login, a blocked user and a wrong password look and take the same.
    ///
    /// # Errors
    /// Unauthenticated, or rate-limited after too many failures.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<SignedIn> {
        let Credentials { login, password, address, agent } = credentials;
        let session = self.session("sign in");
        for _ in 0..ATTEMPTS {
            let proven = self.prove(&session, &login, &password, address).await?;
            let (account, verdict) = proven.ok_or_else(bad_credentials)?;
            let place = (Some(address.to_string()), agent.clone());
            let opened = self.open(&session, &account, place).await?;
            if opened.is_some() && verdict == Verdict::RightButOld {
                self.renew_hash(&session, &account, &password).await;
            }
            if let Some(signed_in) = opened {
                return Ok(signed_in);
            }
        }
        Err(bad_credentials())
    }

    /// Lets somebody in without a password: for tests, and for programs that know them otherwise.
    ///
    /// # Errors
    /// Missing when there is no such user.
    pub async fn admit(&self, login: &str) -> Result<SignedIn> {
        let session = self.session("admit");
        let account = self.accounts.by_login(&session, login).await?;
        let account = account.ok_or_else(Error::not_found)?;
        self.open(&session, &account, (None, None)).await?.ok_or_else(bad_credentials)
    }

    /// Ends a login session: here at once, in other processes within two seconds.
    ///
    /// # Errors
    /// When it could not be written down; it is ended here all the same.
    pub async fn sign_out(&self, who: &Who) -> Result<()> {
        self.logins.end(who.state.id);
        self.login_sessions.end(&self.session("sign out"), who.state.id).await
    }

    /// How many passwords were compared so far.
    pub fn passwords_compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }

    /// The account behind a login, if the password is right; a failure is counted.
    pub(super) async fn prove(
        &self,
        session: &Session,
        login: &str,
        password: &SecretString,
        address: IpAddr,
    ) -> Result<Option<(Account, Verdict)>> {
        self.failures.check(login, address, self.clock.now())?;
        let account = self.accounts.by_login(session, login).await?;
        let hash = account.as_ref().and_then(|it| it.password_hash.as_ref());
        let hash = hash.map(|it| it.expose_secret().to_owned());
        self.compared.fetch_add(1, Ordering::Relaxed);
        let verdict = password::verify(password.expose_secret().to_owned(), hash).await?;
        // Asked again: of many attempts at once, those that failed first count for the others.
        self.failures.check(login, address, self.clock.now())?;
        let account = account.filter(|it| it.is_active && verdict != Verdict::Wrong);
        if account.is_none() {
            self.failures.record(login, address, self.clock.now());
        }
        Ok(account.map(|it| (it, verdict)))
    }

    /// Begins a login session, unless the account was blocked or got another hash since it was
    /// read: then whoever ended its sessions was not to find this one later.
    async fn open(
        &self,
        session: &Session,
        account: &Account,
        (address, agent): (Option<String>, Option<String>),
    ) -> Result<Option<SignedIn>> {
        // As precise as its end is read back.
        let now = self.clock.now().trunc_subsecs(3);
        let opened = session.transaction(async |tx| {
            if !self.accounts.is_current(tx, account).await? {
                return Ok::<_, Error>(None);
            }
            let expires_at = now + self.session_ttl;
            let new = NewLoginSession { user: account.id, expires_at, address, agent };
            let id = self.login_sessions.open(tx, new).await?;
            let (token, state) = self.refresh_tokens.first(id, now);
            self.login_sessions.keep_refresh(tx, id, &state).await?;
            Ok(Some((id, token)))
        });
        let Some((id, refresh_token)) = opened.await? else { return Ok(None) };
        let asked = Instant::now();
        let states = self.load(session, &[id]).await?;
        let Some(who) = self.take(session, states, asked).await?.pop() else { return Ok(None) };
        self.issue(who, refresh_token, now).map(Some)
    }

    /// An access token for whoever is in now, which lasts no longer than their login session.
    pub(super) fn issue(
        &self,
        who: Arc<Who>,
        refresh_token: SecretString,
        now: DateTime<Utc>,
    ) -> Result<SignedIn> {
        let ends_in = who.state.expires_at - now;
        let expires_in = self.access_ttl.min(ends_in);
        let token = self.codec.issue(who.state.user, who.state.id, now, now + expires_in)?;
        Ok(SignedIn { token: token.into(), expires_in, refresh_token, ends_in, who })
    }

    /// Makes the hash of a right password anew. That it fails keeps nobody out.
    async fn renew_hash(&self, session: &Session, account: &Account, password: &SecretString) {
        let Some(old) = &account.password_hash else { return };
        let renewed = async {
            // Also for what could not become a password today: it is one already.
            let new = password::hash_of_any(password.expose_secret().to_owned()).await?;
            self.accounts.replace_hash(session, account.id, old, &new.into()).await
        };
        if let Err(error) = renewed.await {
            tracing::warn!(user = account.id, %error, "the hash of a password was not renewed");
        }
    }
}

fn bad_credentials() -> Error {
    Error::unauthenticated(Unauthenticated::BadCredentials)
}
