//! A ticket that has opened its socket.

use chrono::{DateTime, Utc};
use orm::Model;

/// A ticket that has opened its socket, until it would be too old anyway.
#[derive(Debug, Model)]
#[model(table = "used_tickets", display = "name", routes = "none")]
pub struct UsedTicket {
    /// What no other ticket is called.
    #[field(max = 64, unique)]
    pub name: String,
    /// Until when it has to be remembered.
    #[field(index)]
    pub until: DateTime<Utc>,
}
