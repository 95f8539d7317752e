//! What tells clients that all they know may be wrong: after a restore from a backup, numbers that
//! they have seen are given to other events.

use artel_core::Result;
use orm::Session;

use crate::row;

/// Raises the epoch of every chat; how many there are. The session is one of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn bump(session: &Session) -> Result<i64> {
    let bump = "with bumped as (update chats set epoch = epoch + 1 returning 1) \
                select count(*)::text from bumped";
    Ok(row::only(session.sql(bump, &[]).await?)?.int()?)
}
