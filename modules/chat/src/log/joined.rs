//! Who has come into which chat lately.

use artel_core::Result;
use chrono::{DateTime, Utc};
use orm::Session;

use crate::row::{Columns, keys};

/// Somebody who takes part in a chat since an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Joined {
    /// The chat.
    pub chat_id: i64,
    /// The event.
    pub seq: i64,
    /// They.
    pub user_id: i64,
}

/// Those of some users who have come into chats since a moment, in one statement. The session is one
/// of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn joined(session: &Session, users: &[i64], since: DateTime<Utc>) -> Result<Vec<Joined>> {
    let users = keys(users.iter().copied());
    let rows = session.sql(JOINED, &[&users, &since.to_rfc3339()]).await?;
    let joined = rows.into_iter().map(|it| {
        let mut columns = Columns::of(it);
        Ok(Joined { chat_id: columns.int()?, seq: columns.int()?, user_id: columns.int()? })
    });
    Ok(joined.collect::<orm::Result<_>>()?)
}

const JOINED: &str = "select chat_id::text, seq::text, user_id::text from chat_events \
     where at > $2::timestamptz and kind = 'member.joined' and user_id = any($1::bigint[]) \
     order by chat_id, seq";
