//! One change of rights at a time, where a change is judged by what the others leave.

use orm::{Result, Session};

/// Any number that nobody else of us uses.
const KEY: &str = "4706923281640507801";

/// Waits until nobody else changes rights, and keeps others waiting until the transaction ends.
///
/// # Errors
/// When the database is away.
pub async fn take(system: &Session) -> Result<()> {
    system.sql("select pg_advisory_xact_lock($1::bigint)::text", &[KEY]).await?;
    Ok(())
}
