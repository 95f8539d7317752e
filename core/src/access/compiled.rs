//! The rights of a project, checked against its models and ready to be asked.
//!
//! **Invariant:** what compiled names only roles, models and fields that exist; a running server
//! meets no broken right.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use orm::{Filter, Schema, schema::FieldId};

use crate::access::{EVERYONE, Grant, Rights, RightsView, compiler::Compiler};

/// How many views are kept; beyond it all are made anew, under new numbers.
const VIEWS_MAX: usize = 4096;

/// Who may do what, for every model of a schema.
#[derive(Debug)]
pub struct CompiledRights {
    roles: Vec<CompiledRole>,
    pub(crate) models: Vec<ModelRights>,
    views: RwLock<Views>,
}

/// A role with everything it brings.
#[derive(Debug)]
pub struct CompiledRole {
    /// The module that declares it.
    pub module: &'static str,
    /// `leads.user`.
    pub name: &'static str,
    /// Text for users.
    pub label: &'static str,
    /// The roles it names as implied.
    pub implies: Vec<&'static str>,
    /// Itself and all that it implies, at any depth.
    pub(crate) closure: RoleSet,
}

/// Positions of roles, in order.
pub(crate) type RoleSet = BTreeSet<usize>;

/// What was declared for one model.
#[derive(Debug)]
pub(crate) struct ModelRights {
    pub(crate) is_private: bool,
    pub(crate) is_child: bool,
    pub(crate) fields: Vec<FieldId>,
    pub(crate) grants: Vec<(usize, Grant)>,
    pub(crate) rules: Vec<CompiledRule>,
    /// Fields that only these roles read.
    pub(crate) read: Vec<(FieldId, RoleSet)>,
    /// Fields that only these roles write.
    pub(crate) write: Vec<(FieldId, RoleSet)>,
}

/// A rule whose filter was checked.
#[derive(Debug)]
pub(crate) struct CompiledRule {
    /// Empty: everyone.
    pub(crate) roles: RoleSet,
    pub(crate) verbs: Grant,
    pub(crate) filter: Filter,
}

/// The views made so far. Numbers are never used twice.
#[derive(Debug, Default)]
struct Views {
    made: HashMap<(RoleSet, bool), Arc<RightsView>>,
    last_number: u64,
}

impl CompiledRights {
    /// Checks what modules declared against the models and resolves it.
    ///
    /// # Errors
    /// Every fault, a line each.
    pub fn compile(rights: &Rights, schema: &Schema) -> Result<Self, Vec<String>> {
        let (roles, models) = Compiler::new(rights, schema).run()?;
        Ok(Self { roles, models, views: RwLock::default() })
    }

    /// Every role, by name.
    pub fn roles(&self) -> &[CompiledRole] {
        &self.roles
    }

    /// The tables of the models that no module grants to anybody: they are for administrators.
    pub fn ungranted(&self, schema: &Schema) -> Vec<&'static str> {
        let pairs = schema.models().iter().zip(&self.models);
        let closed = pairs.filter(|(_, rights)| rights.grants.is_empty() && !rights.is_child);
        closed.map(|(model, _)| model.def.table).collect()
    }

    /// The names of all roles that come with `direct`; `base.user` is always one of them. Roles
    /// that no listed module declares bring nothing.
    pub fn closure<'a>(&self, direct: impl IntoIterator<Item = &'a str>) -> Vec<&'static str> {
        self.closed(direct).into_iter().map(|it| self.roles[it].name).collect()
    }

    /// The rights of whoever has these roles: made once, then shared.
    pub fn view<'a>(
        &self,
        direct: impl IntoIterator<Item = &'a str>,
        is_admin: bool,
    ) -> Arc<RightsView> {
        let key = (self.closed(direct), is_admin);
        let views = self.views.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = views.made.get(&key) {
            return view.clone();
        }
        drop(views);
        let mut views = self.views.write().unwrap_or_else(PoisonError::into_inner);
        if views.made.len() >= VIEWS_MAX {
            views.made.clear();
        }
        let next = views.last_number + 1;
        let made = |key: &(RoleSet, bool)| Arc::new(RightsView::of(self, &key.0, is_admin, next));
        let view = views.made.entry(key).or_insert_with_key(made).clone();
        views.last_number = next;
        view
    }

    fn closed<'a>(&self, direct: impl IntoIterator<Item = &'a str>) -> RoleSet {
        let position = |name: &str| self.roles.binary_search_by_key(&name, |it| it.name).ok();
        let own = direct.into_iter().chain([EVERYONE]).filter_map(position);
        own.flat_map(|it| &self.roles[it].closure).copied().collect()
    }
}
