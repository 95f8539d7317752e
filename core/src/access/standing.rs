//! What decides about the rights of a user, whether or not they are signed in.

use crate::access::{Asking, Checker, CompiledRights, Lists};

/// A user, as far as rights are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Their record.
    pub user: i64,
    /// Whether rights are of no concern to them.
    pub is_admin: bool,
    /// Whether they may sign in.
    pub is_active: bool,
    /// The company they work for now.
    pub company: Option<i64>,
    /// The companies they may work for.
    pub companies: Vec<i64>,
    /// The roles that they were given themselves.
    pub roles: Vec<i64>,
}

impl Standing {
    /// Their rights; `lists` are what the macros of modules stand for.
    pub fn checker(&self, rights: &CompiledRights, lists: Lists) -> Checker {
        let asking = Asking {
            user: self.user,
            company: self.company,
            companies: self.companies.clone(),
            roles: rights.closure(&self.roles).into_iter().collect(),
            lists,
        };
        Checker::new(rights.view(&self.roles, self.is_admin), &asking)
    }
}
