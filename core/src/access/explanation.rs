//! What a user may do with one record, and why: the answer, without the way to it.

use std::sync::Arc;

/// What a user may do with a record, and why.
#[derive(Debug)]
pub struct Explanation {
    /// Seeing it.
    pub read: Decision,
    /// Changing it.
    pub update: Decision,
    /// Deleting it.
    pub delete: Decision,
    /// The fields of the model that they may not read, by declared name.
    pub closed_for_reading: Vec<&'static str>,
    /// The same for writing.
    pub closed_for_writing: Vec<&'static str>,
}

/// Whether a user may do something with a record, and why.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whether they may.
    pub is_allowed: bool,
    /// What made it so.
    pub decided_by: DecidedBy,
    /// The condition that their statements carry for the verb, as they carry it.
    pub sql: String,
}

/// What decides about one verb.
#[derive(Debug, Clone)]
pub enum DecidedBy {
    /// They may not sign in.
    NotActive,
    /// They are an administrator.
    Administrator,
    /// None of their roles has a grant.
    NoGrant,
    /// A grant, and no rule speaks of the verb.
    Grant {
        /// Its record.
        id: i64,
        /// The name of the role.
        role: Arc<str>,
    },
    /// The rule that lets the record pass, or the one for everyone that refuses it.
    Rule {
        /// Its record.
        id: i64,
        /// What it is called.
        name: String,
    },
    /// Roles have rules for the verb, and none is of theirs.
    NoRuleForRoles,
    /// None of the rules of their roles lets the record pass.
    Rules {
        /// Their records.
        ids: Vec<i64>,
    },
    /// The record whose rights this one follows.
    Parent {
        /// Its collection.
        model: &'static str,
        /// Its record.
        id: i64,
        /// What is decided about it.
        decision: Box<Decision>,
    },
    /// A rule that does not fit its model, and so closes it.
    BrokenRule {
        /// Its record.
        id: i64,
        /// What it is called.
        name: String,
    },
    /// They may not read it, which changing and deleting it needs.
    NeedsRead,
    /// The module of the model refuses it, whatever rights say.
    Module {
        /// Its name.
        name: &'static str,
    },
}

impl DecidedBy {
    /// Every kind, as answers name it.
    pub const KINDS: [&str; 11] = [
        "not_active",
        "administrator",
        "no_grant",
        "grant",
        "rule",
        "no_rule_for_roles",
        "rules",
        "parent",
        "broken_rule",
        "needs_read",
        "module",
    ];

    /// What kind it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotActive => "not_active",
            Self::Administrator => "administrator",
            Self::NoGrant => "no_grant",
            Self::Grant { .. } => "grant",
            Self::Rule { .. } => "rule",
            Self::NoRuleForRoles => "no_rule_for_roles",
            Self::Rules { .. } => "rules",
            Self::Parent { .. } => "parent",
            Self::BrokenRule { .. } => "broken_rule",
            Self::NeedsRead => "needs_read",
            Self::Module { .. } => "module",
        }
    }
}
