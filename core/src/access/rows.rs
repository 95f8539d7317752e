//! Rights as the tables keep them: plain data, not yet held against the models.

use futures_util::future::BoxFuture;
use orm::Session;

use crate::{Result, access::Grant};

/// All rights of an installation, as one statement saw them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RightsRows {
    /// The counter that every change of them raises.
    pub version: i64,
    /// Every role.
    pub roles: Vec<RoleRow>,
    /// What roles may do with models.
    pub grants: Vec<GrantRow>,
    /// The rules in force.
    pub rules: Vec<RuleRow>,
    /// Fields that only some roles read or write.
    pub field_rights: Vec<FieldRightRow>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// Its record.
    pub id: i64,
    /// `leads.user`.
    pub name: String,
    /// The roles that come with it.
    pub implies: Vec<i64>,
}

/// A role may do something with a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRow {
    /// Its record.
    pub id: i64,
    /// The role.
    pub role: i64,
    /// The table of the model.
    pub model: String,
    /// What it may do.
    pub verbs: Grant,
}

/// The rows of a model that some roles, or everyone, may do something with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// Its record.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The table of the model.
    pub model: String,
    /// What it speaks of.
    pub verbs: Grant,
    /// Whose it is; none: everyone's.
    pub roles: Vec<i64>,
    /// A filter in the language of searches, as JSON.
    pub filter: String,
}

/// A field that only some roles read or write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRightRow {
    /// Its record.
    pub id: i64,
    /// The table of the model.
    pub model: String,
    /// The declared name of the field.
    pub field: String,
    /// Whether it opens reading for its roles, and closes it for others.
    pub can_read: bool,
    /// The same for writing.
    pub can_write: bool,
    /// Whose it is.
    pub roles: Vec<i64>,
}

/// Where the rights of an installation are kept. Sessions given to it are those of the system.
pub trait RightsSource: Send + Sync + 'static {
    /// All of them, by one statement, so that they belong together.
    fn load<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<RightsRows>>;
}
