//! What modules declare, held against the models: the rights that an installation begins with.
//!
//! **Invariant:** what was checked names only roles, models and fields that exist.

use std::collections::BTreeSet;

use orm::Schema;

use crate::access::{
    CompiledRights, Grant, Rights,
    declaration_check::DeclarationCheck,
    macros::Macros,
    rights::Reserved,
    rows::{FieldRightRow, GrantRow, RightsRows, RoleRow, RuleRow},
};

/// The counter that every change of rights raises: models that hold rights say
/// `signal = "rights"`.
pub const RIGHTS_SIGNAL: &str = "rights";

/// The counter of what list macros read: such models say `signal = "askers"`.
pub const ASKERS_SIGNAL: &str = "askers";

/// The declarations of all modules, without a fault.
#[derive(Debug)]
pub struct DeclaredRights {
    /// The modules that are listed, as far as they have rights or models.
    pub modules: BTreeSet<&'static str>,
    /// Every role, by name.
    pub roles: Vec<SeedRole>,
    /// One for each role and model.
    pub grants: Vec<SeedGrant>,
    /// In the order of declaration.
    pub rules: Vec<SeedRule>,
    /// The fields that are closed where they are declared.
    pub field_rights: Vec<SeedFieldRight>,
    pub(crate) reserved: Vec<Reserved>,
    pub(crate) reserved_fields: Vec<(&'static str, &'static str)>,
    pub(crate) macros: Macros,
}

/// A role that a module declares.
#[derive(Debug)]
pub struct SeedRole {
    /// The module.
    pub module: &'static str,
    /// `leads.user`.
    pub name: &'static str,
    /// Text for users.
    pub label: &'static str,
    /// The names of the roles that come with it, in order.
    pub implies: BTreeSet<&'static str>,
}

/// What a module lets a role do with a model.
#[derive(Debug)]
pub struct SeedGrant {
    /// The module that says it first.
    pub module: &'static str,
    /// The role.
    pub role: &'static str,
    /// The table.
    pub model: &'static str,
    /// What it may do.
    pub verbs: Grant,
}

/// A rule of a module.
#[derive(Debug)]
pub struct SeedRule {
    /// The module.
    pub module: &'static str,
    /// What it is called; with module and model it is one rule.
    pub name: &'static str,
    /// The table.
    pub model: &'static str,
    /// What it speaks of.
    pub verbs: Grant,
    /// Whose it is; none: everyone's.
    pub roles: BTreeSet<&'static str>,
    /// The filter as JSON.
    pub filter: String,
}

/// A field that is closed where it is declared.
#[derive(Debug)]
pub struct SeedFieldRight {
    /// The module of the model.
    pub module: &'static str,
    /// The table.
    pub model: &'static str,
    /// The declared name.
    pub field: &'static str,
    /// Whether it is about reading.
    pub can_read: bool,
    /// Whether it is about writing.
    pub can_write: bool,
    /// Who may.
    pub roles: BTreeSet<&'static str>,
}

impl DeclaredRights {
    /// Holds what modules declared against the models.
    ///
    /// # Errors
    /// Every fault, a line each.
    pub fn check(rights: &Rights, schema: &Schema) -> Result<Self, Vec<String>> {
        let macros = Macros { lists: rights.lists.clone() };
        let check = DeclarationCheck::new(rights, schema, &macros);
        let (roles, grants, rules, field_rights) = check.run()?;
        let reserved = rights.reserved.iter();
        let reserved = reserved.map(|it| Reserved { model: it.model, except: it.except.clone() });
        let fields = rights.reserved_fields.iter().map(|it| (it.0.table, it.1));
        let of_models = schema.models().iter().map(|it| it.def.krate);
        Ok(Self {
            modules: rights.modules.iter().copied().chain(of_models).collect(),
            roles,
            grants,
            rules,
            field_rights,
            reserved: reserved.collect(),
            reserved_fields: fields.collect(),
            macros,
        })
    }

    /// The tables of the models that no module grants to anybody: they are for administrators.
    pub fn ungranted(&self, schema: &Schema) -> Vec<&'static str> {
        let is_granted = |table: &str| self.grants.iter().any(|it| it.model == table);
        let closed = schema.models().iter().filter(|it| it.parent.is_none());
        closed.map(|it| it.def.table).filter(|it| !is_granted(it)).collect()
    }

    /// The same, ready to be asked.
    pub fn compiled(&self, schema: &Schema) -> CompiledRights {
        CompiledRights::of(&self.rows(), self, schema)
    }

    /// The same as rows, numbered by their places: for installations that keep no rights.
    pub(crate) fn rows(&self) -> RightsRows {
        let role = |name: &str| (0..).zip(&self.roles).find(|it| it.1.name == name);
        let role_id = |name: &str| role(name).map_or(0, |it| it.0);
        let ids = |names: &BTreeSet<&str>| names.iter().map(|it| role_id(it)).collect::<Vec<_>>();
        RightsRows {
            version: 0,
            roles: (0..)
                .zip(&self.roles)
                .map(|(id, it)| RoleRow { id, name: it.name.into(), implies: ids(&it.implies) })
                .collect(),
            grants: (0..)
                .zip(&self.grants)
                .map(|(id, it)| {
                    let (role, model) = (role_id(it.role), it.model.to_owned());
                    GrantRow { id, role, model, verbs: it.verbs }
                })
                .collect(),
            rules: (0..)
                .zip(&self.rules)
                .map(|(id, it)| RuleRow {
                    id,
                    name: it.name.to_owned(),
                    model: it.model.to_owned(),
                    verbs: it.verbs,
                    roles: ids(&it.roles),
                    filter: it.filter.clone(),
                })
                .collect(),
            field_rights: (0..)
                .zip(&self.field_rights)
                .map(|(id, it)| FieldRightRow {
                    id,
                    model: it.model.to_owned(),
                    field: it.field.to_owned(),
                    can_read: it.can_read,
                    can_write: it.can_write,
                    roles: ids(&it.roles),
                })
                .collect(),
        }
    }
}
