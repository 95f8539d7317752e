//! A field that only some roles read or write.

use orm::{ChangeSet, Error, Many2Many, Model, Result, Session, Violation};
use users::Role;

use crate::{seeded, subject};

/// A field that only some roles read or write.
///
/// A field is closed for reading as soon as one of these says so, and then open to the roles of
/// those that do; the same for writing. Writing does not imply reading.
#[derive(Debug, Model)]
#[model(table = "field_rights", order = "model,field", signal = "rights")]
#[model(before = guard, after = check)]
pub struct FieldRight {
    /// The collection: `products`.
    #[field(max = 63, index)]
    pub model: String,
    /// The declared name of the field: `category`, not `category_id`.
    #[field(max = 63)]
    pub field: String,
    #[field(default = false)]
    pub can_read: bool,
    #[field(default = false)]
    pub can_write: bool,
    /// Who may; at least one.
    #[field(keeps)]
    pub roles: Many2Many<Role>,
}

async fn guard(session: &Session, set: &ChangeSet<FieldRight>) -> Result<()> {
    seeded::keep(session, set).await
}

async fn check(session: &Session, set: &ChangeSet<FieldRight>) -> Result<()> {
    let Some(system) = subject::saved_by_people(session, set, "check field rights") else {
        return Ok(());
    };
    for id in set.ids() {
        // One of a field that is gone can still be switched off.
        if set.names(FieldRight::MODEL) || set.names(FieldRight::FIELD) {
            let right = FieldRight::find(&system, id).await?;
            let model = subject::any_model(session.schema(), &right.model)?;
            if model.field(&right.field).is_none() {
                return Err(Error::invalid(vec![Violation::at_pointer("/field", "unknown_field")]));
            }
        }
        let has_roles = FieldRight::ID.eq(id).and(FieldRight::ROLES.some(Role::ID.gte(0)));
        if !FieldRight::query(&system).filter(has_roles).exists().await? {
            return Err(Error::invalid(vec![Violation::at_pointer("/role_ids", "required")]));
        }
    }
    Ok(())
}
