//! What tells clients that all they know may be wrong: after a restore from a backup, numbers that
//! they have seen are given to other events.

use artel_core::Result;
use orm::Session;

use crate::row;

/// How the epochs of all chats stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epochs {
    /// How many chats there are.
    pub chats: i64,
    /// The highest epoch of one; 0 where there is none.
    pub highest: i64,
}

/// How the epochs stand now. The session is one of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn epochs(session: &Session) -> Result<Epochs> {
    let epochs = "select count(*)::text, coalesce(max(epoch), 0)::text from chats";
    let mut columns = row::only(session.sql(epochs, &[]).await?)?;
    Ok(Epochs { chats: columns.int()?, highest: columns.int()? })
}

/// Raises the epoch of every chat; how many there are. The session is one of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn bump(session: &Session) -> Result<i64> {
    let bump = "with bumped as (update chats set epoch = epoch + 1 returning 1) \
                select count(*)::text from bumped";
    Ok(row::only(session.sql(bump, &[]).await?)?.int()?)
}
