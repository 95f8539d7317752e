//! Whoever is signed in, with their rights: what a request carries.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    access::{Asking, Checker, CompiledRights},
    auth::LoginState,
};

/// Somebody signed in. Shared by all requests of a login session until something changes.
#[derive(Debug)]
pub struct Who {
    /// What was read of them.
    pub state: LoginState,
    /// The names of their roles, with all that these imply.
    pub roles: Vec<&'static str>,
    /// Their rights.
    pub access: Arc<Checker>,
}

impl Who {
    /// Somebody in this state, under these rights.
    pub fn new(state: LoginState, rights: &CompiledRights) -> Self {
        let names = || state.roles.iter().map(|it| it.1.as_str());
        let asking = Asking {
            user: state.user,
            company: state.company,
            companies: state.companies.clone(),
            roles: state.roles.iter().map(|it| it.0).collect(),
        };
        let access = Checker::new(rights.view(names(), state.is_admin), &asking);
        Self { roles: rights.closure(names()), access: Arc::new(access), state }
    }

    /// Whether the login session is alive and its user may be here.
    pub fn is_in(&self, now: DateTime<Utc>) -> bool {
        !self.state.is_revoked && self.state.is_active && now < self.state.expires_at
    }
}
