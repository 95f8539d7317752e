//! Who may do what: declared by modules, checked once against the models, asked by every session.
//!
//! The default is *deny*: a model without a grant shows nothing, to anyone but administrators.
//!
//! **Invariant:** rights are plain data when a request begins: they are read when they have
//! changed, by `store` alone, so a statement never waits for one.

mod grant;
mod macros;
mod rights;
mod rule_check;

mod declaration_check;
mod declared;
mod rows;

mod compiled;
mod store;
mod view;

mod checker;
mod standing;

mod explain;
mod explanation;

mod lookup;
mod matrix;
mod review;

pub use crate::access::{
    checker::{Asking, Checker, Lists},
    compiled::{CompiledRights, CompiledRole},
    declared::{
        ASKERS_SIGNAL, DeclaredRights, RIGHTS_SIGNAL, SeedFieldRight, SeedGrant, SeedRole, SeedRule,
    },
    explain::explain,
    explanation::{DecidedBy, Decision, Explanation},
    grant::Grant,
    matrix::matrix,
    review::{Review, ReviewedRule, review},
    rights::{DeclaredRole, Rights},
    rows::{FieldRightRow, GrantRow, RightsRows, RightsSource, RoleRow, RuleRow},
    standing::Standing,
    store::RightsStore,
    view::RightsView,
};

use orm::{
    Access, Schema, Scope, Verb,
    schema::{ModelId, SchemaModel},
};

/// The role of everyone who signs in, without saying so.
pub const EVERYONE: &str = "base.user";

/// The role that looks after people.
pub const SECURITY_ADMIN: &str = "security.admin";

/// Whether the asker may do `verb` with some records of a model; a child is asked about by its
/// parent, as the engine does it.
pub fn is_granted(access: &dyn Access, schema: &Schema, model: ModelId, verb: Verb) -> bool {
    let mut at = schema.model(model);
    let mut verb = verb;
    while let Some(parent) = parent_of(schema, at) {
        at = parent;
        if verb != Verb::Read {
            verb = Verb::Update;
        }
    }
    !matches!(access.scope(at.id, verb), Scope::Denied)
}

/// The model whose rights a child follows.
fn parent_of<'a>(schema: &'a Schema, model: &SchemaModel) -> Option<&'a SchemaModel> {
    model.parent.map(|it| schema.target(model.at(it)))
}
