//! From somebody signed in to a ticket, and from a ticket to a held login session.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Error, Result, Unauthenticated,
    auth::{Authenticator, HeldLogin, Who, ticket::TICKET_TTL},
    settings::SecretString,
};

/// How many used tickets are deleted by one statement: few, so that nobody waits for it.
const BATCH: i64 = 500;

impl Authenticator {
    /// A ticket that opens one socket for whoever is signed in until `token_expires_at`; and how long it
    /// is good.
    pub fn ticket(&self, who: &Who, token_expires_at: DateTime<Utc>) -> (SecretString, TimeDelta) {
        let whose = (who.state.id, who.state.user);
        (self.tickets.issue(whose, token_expires_at, self.now()), TICKET_TTL)
    }

    /// Holds the login session that a ticket was made for. A ticket is used by that, in all processes.
    ///
    /// # Errors
    /// Unauthenticated when it is none of ours, too old or was used before, or nobody is behind it any
    /// more; unavailable when that cannot be found out.
    pub async fn hold_by_ticket(self: &Arc<Self>, ticket: &str) -> Result<HeldLogin> {
        let nobody = || Error::unauthenticated(Unauthenticated::NoSession);
        let ticket = self.tickets.read(ticket, self.now()).ok_or_else(nobody)?;
        let who = self.who_is_in(ticket.login, ticket.user).await?;
        let session = self.session("use a ticket");
        let used = self.login_sessions.use_ticket(&session, &ticket.name, ticket.expires_at).await;
        if !used? {
            return Err(nobody());
        }
        self.hold_who(&who, ticket.token_expires_at)
    }

    /// Forgets used tickets that are too old to be used again, in small batches; how many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep_tickets(&self) -> Result<i64> {
        let session = self.session("sweep used tickets");
        let mut swept = 0;
        loop {
            let batch = self.login_sessions.sweep_tickets(&session, self.now(), BATCH).await?;
            swept += batch;
            if batch < BATCH {
                return Ok(swept);
            }
        }
    }
}
