//! What a role may do with the records of a model.

use orm::{ChangeSet, Many2One, Model, Result, Session};
use users::Role;

use crate::subject;

/// What a role may do with the records of a model.
#[derive(Debug, Model)]
#[model(table = "grants", order = "model", unique = "role, model", signal = "rights")]
#[model(before = guard, after = check)]
pub struct Grant {
    #[field(index)]
    pub role: Many2One<Role>,
    /// The collection: `leads`.
    #[field(max = 63, index)]
    pub model: String,
    #[field(default = false)]
    pub can_create: bool,
    #[field(default = false)]
    pub can_read: bool,
    /// Of use together with reading.
    #[field(default = false)]
    pub can_update: bool,
    /// Of use together with reading.
    #[field(default = false)]
    pub can_delete: bool,
}

async fn guard(session: &Session, set: &ChangeSet<Grant>) -> Result<()> {
    crate::seeded::keep(session, set).await
}

/// What is named must be there. A grant of a model that is gone can still be switched off.
async fn check(session: &Session, set: &ChangeSet<Grant>) -> Result<()> {
    if !set.names(Grant::MODEL) {
        return Ok(());
    }
    let Some(system) = subject::saved_by_people(session, set, "check grants") else {
        return Ok(());
    };
    for id in set.ids() {
        let grant = Grant::find(&system, id).await?;
        subject::model(session.schema(), &grant.model)?;
    }
    Ok(())
}
