//! What a module says about its rights: roles, grants and rules.
//!
//! ```
//! use artel_core::{Grant, ME, Model, Rights};
//! use orm::Many2One;
//!
//! # #[derive(Model)]
//! # #[model(table = "users")]
//! # pub struct User {
//! #     pub name: String,
//! # }
//! #[derive(Model)]
//! #[model(table = "leads")]
//! pub struct Lead {
//!     pub owner: Option<Many2One<User>>,
//! }
//!
//! pub fn rights(to: &mut Rights) {
//!     to.role("leads.user", "Sees and changes own leads and those without owner");
//!     to.role("leads.manager", "Sees and changes every lead").implies(&["leads.user"]);
//!     to.grant::<Lead>("leads.user", Grant::ALL);
//!     let own = Lead::OWNER.is(ME).or(Lead::OWNER.is_none());
//!     to.rule("own and free leads", &["leads.user"], Grant::ALL, own);
//!     to.all_rows::<Lead>("every lead", &["leads.manager"], Grant::ALL);
//! }
//! ```
//!
//! Rights of single fields stand at the fields: `#[field(read = "products.manager")]`.

use orm::{Column, Cond, Filter, Model, ModelDef};

use crate::access::{EVERYONE, Grant, SECURITY_ADMIN, macros::ListMacro};

/// The rights of all modules, as declared.
#[derive(Debug)]
pub struct Rights {
    pub(crate) module: &'static str,
    /// Every module that declares some, or could.
    pub(crate) modules: Vec<&'static str>,
    pub(crate) roles: Vec<DeclaredRole>,
    pub(crate) grants: Vec<DeclaredGrant>,
    pub(crate) rules: Vec<DeclaredRule>,
    pub(crate) reserved: Vec<Reserved>,
    pub(crate) reserved_fields: Vec<(&'static ModelDef, &'static str)>,
    pub(crate) lists: Vec<ListMacro>,
}

/// Records that only administrators write, whatever grants say.
#[derive(Debug)]
pub(crate) struct Reserved {
    pub(crate) model: &'static ModelDef,
    /// Roles that write them too, as far as these verbs go.
    pub(crate) except: Vec<(&'static str, Grant)>,
}

/// A role, and the roles that come with it.
#[derive(Debug)]
pub struct DeclaredRole {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) implies: Vec<&'static str>,
}

/// A role may do something with a model.
#[derive(Debug)]
pub(crate) struct DeclaredGrant {
    pub(crate) module: &'static str,
    pub(crate) role: &'static str,
    pub(crate) model: &'static ModelDef,
    pub(crate) verbs: Grant,
}

/// The rows of a model that some roles, or everyone, may do something with.
#[derive(Debug)]
pub(crate) struct DeclaredRule {
    pub(crate) module: &'static str,
    pub(crate) name: &'static str,
    pub(crate) model: &'static ModelDef,
    /// None: everyone.
    pub(crate) roles: Vec<&'static str>,
    pub(crate) verbs: Grant,
    pub(crate) filter: Filter,
}

impl Default for Rights {
    /// The two roles of every installation, and nothing else.
    fn default() -> Self {
        let mut rights = Self {
            module: "security",
            modules: vec!["security"],
            roles: Vec::new(),
            grants: Vec::new(),
            rules: Vec::new(),
            reserved: Vec::new(),
            reserved_fields: Vec::new(),
            lists: Vec::new(),
        };
        rights.role(EVERYONE, "Everyone who signs in");
        rights.role(SECURITY_ADMIN, "Looks after users, their roles and their sign-ins");
        rights
    }
}

impl Rights {
    /// A role named `<module>.<what>`, and its label in English.
    pub fn role(&mut self, name: &'static str, label: &'static str) -> &mut DeclaredRole {
        let module = self.module;
        self.roles.push(DeclaredRole { module, name, label, implies: Vec::new() });
        self.roles.last_mut().expect("one was pushed just now")
    }

    /// Lets a role do something with the records of `M`, as far as rules let it.
    pub fn grant<M: Model>(&mut self, role: &'static str, verbs: Grant) {
        let (module, model) = (self.module, M::def());
        self.grants.push(DeclaredGrant { module, role, model, verbs });
    }

    /// Which rows the verbs reach for these roles: rules of one's roles are or-ed, so each shows
    /// more. For no roles it is a rule for everyone, and-ed on top.
    pub fn rule<M: Model>(
        &mut self,
        name: &'static str,
        roles: &[&'static str],
        verbs: Grant,
        rows: Cond<M>,
    ) {
        self.push_rule::<M>(name, roles, verbs, rows.into());
    }

    /// A rule that every row passes: for roles beside others whose rules show less.
    pub fn all_rows<M: Model>(&mut self, name: &'static str, roles: &[&'static str], verbs: Grant) {
        self.push_rule::<M>(name, roles, verbs, Filter::all());
    }

    /// Leaves the writing of the records of `M` to administrators and to these roles, whatever
    /// grants say: to any other role a grant gives reading only.
    pub fn reserve<M: Model>(&mut self, except: &[(&'static str, Grant)]) {
        self.reserved.push(Reserved { model: M::def(), except: except.to_vec() });
    }

    /// Leaves the writing of a field to administrators, whatever rights of fields say.
    pub fn reserve_field<M: Model, F>(&mut self, field: Column<M, F>) {
        self.reserved_fields.push((M::def(), field.name()));
    }

    /// A macro for rules: the ids of the records of `M` whose `field` leads to whoever asks. The
    /// model needs `signal = "askers"`, so that a change of these records takes effect at once.
    pub fn list_macro<M: Model, F>(&mut self, name: &'static str, field: Column<M, F>) {
        let (module, model, field) = (self.module, M::def(), field.name());
        self.lists.push(ListMacro { module, name, model, field });
    }

    fn push_rule<M: Model>(
        &mut self,
        name: &'static str,
        roles: &[&'static str],
        verbs: Grant,
        filter: Filter,
    ) {
        let (module, model, roles) = (self.module, M::def(), roles.to_vec());
        self.rules.push(DeclaredRule { module, name, model, roles, verbs, filter });
    }
}

impl DeclaredRole {
    /// Whoever has this role has those, too.
    pub fn implies(&mut self, roles: &[&'static str]) -> &mut Self {
        self.implies.extend(roles);
        self
    }
}
