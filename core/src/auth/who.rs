//! Whoever is signed in, with their rights: what a request carries.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    access::{Checker, CompiledRights, Lists, Standing},
    auth::LoginState,
};

/// Somebody signed in. Shared by all requests of a login session until something changes.
#[derive(Debug)]
pub struct Who {
    /// What was read of them.
    pub state: LoginState,
    /// The names of their roles, with all that these imply.
    pub roles: Vec<Arc<str>>,
    /// Their rights.
    pub access: Arc<Checker>,
}

impl Who {
    /// Somebody in this state, under these rights; `lists` are what the macros of modules stand
    /// for.
    pub fn new(state: LoginState, rights: &CompiledRights, lists: Lists) -> Self {
        let roles = rights.names(&rights.closure(&state.roles));
        let standing = Standing {
            user: state.user,
            is_admin: state.is_admin,
            is_active: state.is_active,
            company: state.company,
            companies: state.companies.clone(),
            roles: state.roles.clone(),
        };
        let access = standing.checker(rights, lists);
        Self { roles, access: Arc::new(access), state }
    }

    /// Whether the login session is alive and its user may be here.
    pub fn is_in(&self, now: DateTime<Utc>) -> bool {
        !self.state.is_revoked && self.state.is_active && now < self.state.expires_at
    }
}
