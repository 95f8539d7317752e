//! What a user may be; what that allows, modules declare.

use orm::{Many2Many, Model};

/// What a user may be. Roles are declared by modules and given to users.
#[derive(Debug, Model)]
#[model(table = "roles", display = "label", order = "name", signal = "rights")]
#[model(before = guard, after = check)]
pub struct Role {
    /// As rights name it: `leads.user`.
    #[field(max = 100, unique)]
    pub name: String,
    #[field(max = 200)]
    pub label: String,
    /// The roles that come with it.
    #[field(ids = "implies_ids")]
    pub implies: Many2Many<Self>,
}
