//! Rights that the program brings stay: they are changed or switched off, never deleted.

use orm::{ChangeSet, Error, Model, Result, Session, Verb, engine};

/// Refuses to delete a record that a module has seeded.
///
/// # Errors
/// Refused as `seeded`.
pub(crate) async fn keep<M: Model>(session: &Session, set: &ChangeSet<M>) -> Result<()> {
    if set.verb() != Verb::Delete {
        return Ok(());
    }
    let seeds =
        engine::seeds_of(&session.as_system("keep seeded rights"), &[M::def().table]).await?;
    let ids = set.ids();
    if seeds.iter().any(|it| ids.contains(&it.record_id)) {
        return Err(Error::refused("seeded"));
    }
    Ok(())
}
