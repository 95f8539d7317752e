//! What users change about themselves: name, e-mail, language, password, and nothing else.

use std::{net::IpAddr, sync::Arc};

use orm::Violation;
use tokio::time::Instant;

use crate::{
    Error, Result, Unauthenticated,
    auth::{Authenticator, ProfileChanges, Who, password},
    settings::{ExposeSecret, SecretString},
};

impl Authenticator {
    /// Changes what somebody says about themselves; gives them as they are now.
    ///
    /// # Errors
    /// Invalid when a value cannot be.
    pub async fn change_profile(&self, who: &Who, changes: ProfileChanges) -> Result<Arc<Who>> {
        let session = self.session("change a profile").on_behalf_of(who.state.user);
        self.accounts.change_profile(&session, who.state.user, changes).await?;
        // Their other login sessions show the same from the next request on.
        self.distrust();
        let asked = Instant::now();
        let states = self.load(&session, &[who.state.id]).await?;
        let who = self.take(&session, states, asked).await?.pop();
        who.ok_or_else(|| Error::unauthenticated(Unauthenticated::NoSession))
    }

    /// Gives somebody another password, if they know the one they have, and ends their other
    /// login sessions.
    ///
    /// # Errors
    /// Invalid when the old one is wrong, which counts as a failed sign-in, or the new one cannot
    /// be a password; rate-limited after too many failures.
    pub async fn change_password(
        &self,
        who: &Who,
        (old, new): (&SecretString, &SecretString),
        address: IpAddr,
    ) -> Result<()> {
        let session = self.session("change a password").on_behalf_of(who.state.user);
        let proven = self.prove(&session, &who.state.login, old, address).await?;
        let account = proven.map(|it| it.0).filter(|it| it.id == who.state.user);
        let hash = account.and_then(|it| it.password_hash);
        let wrong = || Violation::at_pointer("/old", "wrong_password");
        let fault = password::fault(new.expose_secret(), Some(&who.state.login), "/new");
        let faults: Vec<_> = hash.is_none().then(wrong).into_iter().chain(fault).collect();
        let Some(hash) = hash.filter(|_| faults.is_empty()) else {
            return Err(Error::invalid(faults));
        };
        let made = password::hash(new.expose_secret().to_owned()).await?.into();
        let (user, this) = (who.state.user, who.state.id);
        let ended = session.transaction(async |tx| {
            // First, because it locks the user: whoever signs in meanwhile comes before or after.
            if !self.accounts.replace_hash(tx, user, &hash, &made).await? {
                return Err(Error::invalid(vec![wrong()]));
            }
            self.login_sessions.end_all(tx, user, Some(this), self.clock.now()).await
        });
        ended.await?.into_iter().for_each(|it| self.logins.end(it));
        Ok(())
    }
}
