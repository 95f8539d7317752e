//! Rights that the program brings stay: they are changed or switched off, never deleted.

use orm::{Error, Result, Session, Verb, WriteSet, engine};

/// Refuses to delete a record that a module has seeded.
///
/// # Errors
/// Refused as `seeded`.
pub(crate) async fn keep(session: &Session, set: &WriteSet<'_>, table: &str) -> Result<()> {
    if set.verb != Verb::Delete {
        return Ok(());
    }
    let seeds = engine::seeds_of(&session.as_system("keep seeded rights"), &[table]).await?;
    if seeds.iter().any(|it| set.ids.contains(&it.record_id)) {
        return Err(Error::refused("seeded"));
    }
    Ok(())
}
