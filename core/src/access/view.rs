//! What one set of roles may do with every model, worked out once and shared by all who have it.

use std::sync::Arc;

use orm::{
    Filter, Scope, Verb,
    schema::{FieldId, FieldSet, ModelId},
};

use crate::access::{
    CompiledRights, Grant,
    compiled::{CompiledGrant, CompiledRule, ModelRights, RoleSet},
};

/// The rights of one set of roles: every answer is one look into a table.
#[derive(Debug)]
pub struct RightsView {
    /// Equal views have equal numbers, others never do.
    pub(crate) number: u64,
    models: Vec<ModelView>,
}

#[derive(Debug)]
struct ModelView {
    /// In the order of [`Verb::ALL`].
    scopes: [Scope; 4],
    is_granted: bool,
    readable: Option<Arc<FieldSet>>,
    writable: Option<Arc<FieldSet>>,
}

impl RightsView {
    pub(crate) fn of(
        rights: &CompiledRights,
        roles: &RoleSet,
        is_admin: bool,
        number: u64,
    ) -> Self {
        let models = rights.models.iter().map(|it| ModelView::of(it, roles, is_admin)).collect();
        Self { number, models }
    }

    pub(crate) fn scope(&self, model: ModelId, verb: Verb) -> &Scope {
        &self.models[model.index()].scopes[verb as usize]
    }

    pub(crate) fn is_granted(&self, model: ModelId) -> bool {
        self.models[model.index()].is_granted
    }

    pub(crate) fn readable(&self, model: ModelId) -> Option<&Arc<FieldSet>> {
        self.models[model.index()].readable.as_ref()
    }

    pub(crate) fn writable(&self, model: ModelId) -> Option<&Arc<FieldSet>> {
        self.models[model.index()].writable.as_ref()
    }
}

impl ModelView {
    fn of(model: &ModelRights, roles: &RoleSet, is_admin: bool) -> Self {
        if is_admin {
            let scope = |verb| {
                if model.is_private { rows(&model.rules, roles, verb) } else { Scope::All }
            };
            let scopes = Verb::ALL.map(scope);
            return Self { scopes, is_granted: true, readable: None, writable: None };
        }
        Self {
            scopes: Verb::ALL.map(|verb| scope(model, roles, verb)),
            is_granted: model
                .grants
                .iter()
                .any(|it| it.verbs != Grant::NONE && roles.contains(&it.role)),
            readable: open_fields(&model.fields, &model.read, roles),
            writable: open_fields(&model.fields, &model.write, roles),
        }
    }
}

/// Grant first, rows second. Changing and deleting need the right to read as well.
fn scope(model: &ModelRights, roles: &RoleSet, verb: Verb) -> Scope {
    let is_granted = |verb: Verb| {
        let gives = |it: &CompiledGrant| it.verbs.has(verb) && roles.contains(&it.role);
        model.grants.iter().any(gives)
    };
    let needs_read = matches!(verb, Verb::Update | Verb::Delete);
    if model.is_child || !is_granted(verb) || (needs_read && !is_granted(Verb::Read)) {
        return Scope::Denied;
    }
    rows(&model.rules, roles, verb)
}

/// The rules of one's roles are or-ed, those for everyone and-ed on top. Where a verb has rules
/// for roles and none is of one's own, there are no rows.
fn rows(rules: &[CompiledRule], roles: &RoleSet, verb: Verb) -> Scope {
    let of_verb = || rules.iter().filter(move |it| it.verbs.has(verb));
    let mut all: Vec<Filter> = Vec::new();
    if of_verb().any(|it| !it.roles.is_empty()) {
        let own = of_verb().filter(|it| !it.roles.is_disjoint(roles));
        all.push(any_of(own.map(|it| &it.filter)));
    }
    all.extend(of_verb().filter(|it| it.roles.is_empty()).map(|it| it.filter.clone()));
    if all.contains(&Filter::nothing()) {
        return Scope::Where(Arc::new(Filter::nothing()));
    }
    all.retain(|it| *it != Filter::all());
    match all.len() {
        0 => Scope::All,
        1 => Scope::Where(Arc::new(all.remove(0))),
        _ => Scope::Where(Arc::new(Filter::And(all))),
    }
}

/// One flat `or`, without repetitions; a part that passes every row makes it pass every row.
fn any_of<'a>(filters: impl Iterator<Item = &'a Filter>) -> Filter {
    let mut arms: Vec<Filter> = Vec::new();
    for filter in filters {
        let parts =
            if let Filter::Or(parts) = filter { parts } else { std::slice::from_ref(filter) };
        for part in parts {
            if *part == Filter::all() {
                return Filter::all();
            }
            if !arms.contains(part) {
                arms.push(part.clone());
            }
        }
    }
    if arms.len() == 1 { arms.remove(0) } else { Filter::Or(arms) }
}

/// The fields that are closed to nobody or open to one of the roles; none, when that is all.
fn open_fields(
    fields: &[FieldId],
    closed: &[(FieldId, RoleSet)],
    roles: &RoleSet,
) -> Option<Arc<FieldSet>> {
    let is_shut = |field: FieldId| closed.iter().any(|it| it.0 == field && it.1.is_disjoint(roles));
    if !closed.iter().any(|it| is_shut(it.0)) {
        return None;
    }
    Some(Arc::new(fields.iter().copied().filter(|it| !is_shut(*it)).collect()))
}
