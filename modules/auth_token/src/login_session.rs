//! A sign-in, from the password to its end.

use chrono::{DateTime, Utc};
use orm::{Many2One, Model, Secret};
use users::User;

/// A sign-in: where from, with what, and until when.
#[derive(Debug, Model)]
#[model(table = "sessions", order = "-id", routes = "reading")]
pub struct LoginSession {
    #[field(on_delete = "cascade", index)]
    pub user: Many2One<User>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was last in use, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// The network address that it began from.
    #[field(max = 45)]
    pub address: Option<String>,
    /// The program that it began with.
    #[field(max = 300)]
    pub agent: Option<String>,
    /// When it was ended, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
    // What is kept of its refresh token: the counter, when it was made, and its SHA-256.
    pub refresh: Option<Secret>,
}
