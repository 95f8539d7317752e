//! Rights held against the models, ready to be asked.
//!
//! **Invariant:** what does not fit closes and never opens: a rule that cannot be understood lets
//! no row pass for its verbs, a grant of an unknown model gives nothing.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use orm::{
    Filter, Schema, Verb,
    schema::{FieldId, SchemaField, SchemaModel, Storage},
};

use crate::access::{
    DeclaredRights, EVERYONE, Grant, Rights, RightsRows, RightsView,
    rows::{FieldRightRow, RoleRow, RuleRow},
};

/// How many views are kept; beyond it all are made anew, under new numbers.
const VIEWS_MAX: usize = 4096;

/// Views of all rights in this process are numbered by one counter: a number that is part of the
/// key of a cached statement is never used twice.
static LAST_NUMBER: AtomicU64 = AtomicU64::new(0);

/// Who may do what, for every model of a schema.
#[derive(Debug)]
pub struct CompiledRights {
    version: i64,
    roles: Vec<CompiledRole>,
    pub(crate) models: Vec<ModelRights>,
    faults: Vec<String>,
    views: RwLock<HashMap<(RoleSet, bool), Arc<RightsView>>>,
}

/// A role with everything it brings.
#[derive(Debug)]
pub struct CompiledRole {
    /// Its record.
    pub id: i64,
    /// `leads.user`.
    pub name: Arc<str>,
    /// Itself and all that it implies, at any depth.
    pub(crate) closure: RoleSet,
}

/// Ids of roles, in order.
pub(crate) type RoleSet = BTreeSet<i64>;

/// What is said of one model.
#[derive(Debug)]
pub(crate) struct ModelRights {
    pub(crate) is_private: bool,
    pub(crate) is_child: bool,
    pub(crate) fields: Vec<FieldId>,
    pub(crate) grants: Vec<CompiledGrant>,
    pub(crate) rules: Vec<CompiledRule>,
    /// Fields that only these roles read.
    pub(crate) read: Vec<(FieldId, RoleSet)>,
    /// Fields that only these roles write.
    pub(crate) write: Vec<(FieldId, RoleSet)>,
}

/// What a role may do with the model.
#[derive(Debug)]
pub(crate) struct CompiledGrant {
    pub(crate) id: i64,
    pub(crate) role: i64,
    /// What its row says.
    pub(crate) asked: Grant,
    /// What it gives of that.
    pub(crate) verbs: Grant,
}

/// A rule whose filter was checked; a broken one passes no row, whoever asks.
#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// Empty: everyone.
    pub(crate) roles: RoleSet,
    pub(crate) verbs: Grant,
    pub(crate) filter: Filter,
    pub(crate) is_broken: bool,
}

impl CompiledRights {
    /// Holds what the tables say against the models.
    pub fn of(rows: &RightsRows, declared: &DeclaredRights, schema: &Schema) -> Self {
        let mut compile = Compile { rows, declared, schema, faults: Vec::new() };
        compile.unknown_models();
        let mut models: Vec<ModelRights> =
            schema.models().iter().map(|it| compile.model(it)).collect();
        close_other_sides(&mut models, schema);
        close_computed(&mut models, schema);
        let role = |it: &RoleRow| CompiledRole {
            id: it.id,
            name: it.name.as_str().into(),
            closure: closure(&rows.roles, it.id),
        };
        Self {
            version: rows.version,
            roles: rows.roles.iter().map(role).collect(),
            models,
            faults: compile.faults,
            views: RwLock::default(),
        }
    }

    /// What modules declare and nothing else: for installations that keep no rights.
    ///
    /// # Errors
    /// Every fault, a line each.
    pub fn compile(rights: &Rights, schema: &Schema) -> Result<Self, Vec<String>> {
        let declared = DeclaredRights::check(rights, schema)?;
        Ok(declared.compiled(schema))
    }

    /// The counter of changes that these were read under.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Every role.
    pub fn roles(&self) -> &[CompiledRole] {
        &self.roles
    }

    /// What does not fit the models, a line each; all of it closes.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The roles with these names; unknown ones are left out.
    pub fn roles_named<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Vec<i64> {
        let id = |name: &str| self.roles.iter().find(|it| &*it.name == name).map(|it| it.id);
        names.into_iter().filter_map(id).collect()
    }

    /// All roles that come with these; `base.user` is always one of them.
    pub fn closure(&self, direct: &[i64]) -> BTreeSet<i64> {
        let everyone = |it: &&CompiledRole| &*it.name == EVERYONE;
        let own = self.roles.iter().filter(|it| direct.contains(&it.id) || everyone(it));
        own.flat_map(|it| it.closure.iter().copied()).collect()
    }

    /// The names of roles, in their order.
    pub fn names(&self, roles: &BTreeSet<i64>) -> Vec<Arc<str>> {
        let mut names: Vec<_> = self.roles.iter().filter(|it| roles.contains(&it.id)).collect();
        names.sort_by(|one, other| one.name.cmp(&other.name));
        names.into_iter().map(|it| it.name.clone()).collect()
    }

    /// The rights of whoever has these roles and what comes with them: made once, then shared.
    pub fn view(&self, direct: &[i64], is_admin: bool) -> Arc<RightsView> {
        let key = (self.closure(direct), is_admin);
        let views = self.views.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = views.get(&key) {
            return view.clone();
        }
        drop(views);
        let mut views = self.views.write().unwrap_or_else(PoisonError::into_inner);
        if views.len() >= VIEWS_MAX {
            views.clear();
        }
        let made = |key: &(RoleSet, bool)| {
            let number = LAST_NUMBER.fetch_add(1, Ordering::Relaxed);
            Arc::new(RightsView::of(self, &key.0, is_admin, number))
        };
        views.entry(key).or_insert_with_key(made).clone()
    }
}

/// A role and all that it implies; roles that imply each other come together.
fn closure(roles: &[RoleRow], start: i64) -> RoleSet {
    let mut closure = RoleSet::from([start]);
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        let implied = roles.iter().filter(|it| it.id == id).flat_map(|it| &it.implies);
        waiting.extend(implied.copied().filter(|it| closure.insert(*it)));
    }
    closure
}

/// A relation that two fields speak of is closed with each of them: what one side hides cannot be
/// read, and what it keeps cannot be written, from the other. A list of records hides nothing of
/// the column that it is made of.
fn close_other_sides(models: &mut [ModelRights], schema: &Schema) {
    let mut closures = Vec::new();
    for model in schema.models() {
        for field in model.fields() {
            let (Some(inverse), Some(target)) = (field.def.inverse, field.target) else { continue };
            let Some(other) = schema.model(target).field(inverse) else { continue };
            closures.push(((target, other.id), (model.id, field.id)));
            if matches!(field.storage, Storage::Link { .. }) {
                closures.push(((model.id, field.id), (target, other.id)));
            }
        }
    }
    let own: Vec<[Vec<(FieldId, RoleSet)>; 2]> =
        models.iter().map(|it| [it.read.clone(), it.write.clone()]).collect();
    for ((from, of), (to, field)) in closures {
        let [read, write] = &own[from.index()];
        let closed = |list: &[(FieldId, RoleSet)]| -> Vec<(FieldId, RoleSet)> {
            let of_field = list.iter().filter(|it| it.0 == of);
            of_field.map(|it| (field, it.1.clone())).collect()
        };
        models[to.index()].read.extend(closed(read));
        models[to.index()].write.extend(closed(write));
    }
}

/// What follows from a closed field tells of it: it is closed to whoever may not read one of its
/// inputs, unless its author says that it may tell.
fn close_computed(models: &mut [ModelRights], schema: &Schema) {
    for model in schema.models() {
        for field in model.fields().iter().filter(|it| tells_of_inputs(it)) {
            let mut closed = Vec::new();
            for (place, input) in schema.inputs_of(model, field) {
                let of_input = models[place.index()].read.iter().filter(|it| it.0 == input);
                closed.extend(of_input.map(|it| it.1.clone()));
                if place != model.id {
                    closed.extend(readers(models, schema, (model, schema.model(place))));
                }
            }
            for roles in closed {
                let read = &mut models[model.id.index()].read;
                if !read.contains(&(field.id, roles.clone())) {
                    read.push((field.id, roles));
                }
            }
        }
    }
}

/// Whether somebody could read inputs out of a field.
fn tells_of_inputs(field: &SchemaField) -> bool {
    field.def.compute.as_ref().is_some_and(|it| !it.reveals)
}

/// The roles that may read another model at all; none where its rights are those of the first.
fn readers(
    models: &[ModelRights],
    schema: &Schema,
    (model, other): (&SchemaModel, &SchemaModel),
) -> Option<RoleSet> {
    let [model, other] = [model, other].map(|it| whole(schema, it));
    let granted = models[other.id.index()].grants.iter().filter(|it| it.verbs.has(Verb::Read));
    (model.id != other.id).then(|| granted.map(|it| it.role).collect())
}

/// The model whose rights a model follows.
fn whole<'s>(schema: &'s Schema, model: &'s SchemaModel) -> &'s SchemaModel {
    match model.parent {
        Some(parent) => whole(schema, schema.target(model.at(parent))),
        None => model,
    }
}

/// Compiles one set of rows and gathers what does not fit.
struct Compile<'a> {
    rows: &'a RightsRows,
    declared: &'a DeclaredRights,
    schema: &'a Schema,
    faults: Vec<String>,
}

impl Compile<'_> {
    fn unknown_models(&mut self) {
        let rows = self.rows;
        let grants = rows.grants.iter().map(|it| ("grant", it.id, &it.model));
        let rules = rows.rules.iter().map(|it| ("rule", it.id, &it.model));
        let fields = rows.field_rights.iter().map(|it| ("field right", it.id, &it.model));
        for (what, id, model) in grants.chain(rules).chain(fields) {
            if self.schema.by_table(model).is_none() {
                self.faults.push(format!("{what} #{id}: there is no model `{model}`"));
            }
        }
    }

    fn model(&mut self, model: &SchemaModel) -> ModelRights {
        let (rows, table) = (self.rows, model.def.table);
        let grants = rows.grants.iter().filter(|it| it.model == table).map(|it| CompiledGrant {
            id: it.id,
            role: it.role,
            asked: it.verbs,
            verbs: self.bounded(table, it.role, it.verbs),
        });
        let grants = grants.collect();
        let rules = rows.rules.iter().filter(|it| it.model == table);
        let rules = rules.map(|it| self.rule(it, model)).collect();
        ModelRights {
            is_private: model.def.is_private,
            is_child: model.parent.is_some(),
            fields: model.fields().iter().map(|it| it.id).collect(),
            grants,
            rules,
            read: self.closed_fields(model, Verb::Read),
            write: self.closed_fields(model, Verb::Update),
        }
    }

    /// What a grant gives: of records that are left to administrators, reading only.
    fn bounded(&self, table: &str, role: i64, verbs: Grant) -> Grant {
        let Some(reserved) = self.declared.reserved.iter().find(|it| it.model.table == table)
        else {
            return verbs;
        };
        let name = self.rows.roles.iter().find(|it| it.id == role).map(|it| it.name.as_str());
        let except = reserved.except.iter().find(|it| Some(it.0) == name);
        verbs & except.map_or(Grant::READ, |it| it.1 | Grant::READ)
    }

    fn rule(&mut self, rule: &RuleRow, model: &SchemaModel) -> CompiledRule {
        let read = self.declared.macros.rule(self.schema, model, &rule.filter);
        let read = match read {
            Err(error) => Err(error.to_string()),
            Ok(_) if model.parent.is_some() => {
                Err("the model follows its parent and has no rules".to_owned())
            }
            Ok(filter) => Ok(filter),
        };
        let (id, name, verbs) = (rule.id, rule.name.clone(), rule.verbs);
        match read {
            Ok(filter) => {
                let roles = rule.roles.iter().copied().collect();
                CompiledRule { id, name, roles, verbs, filter, is_broken: false }
            }
            Err(why) => {
                let table = model.def.table;
                self.faults.push(format!("rule #{id} `{name}` closes `{table}`: {why}"));
                // For everyone, so that it closes whatever other rules open.
                let (roles, filter) = (RoleSet::new(), Filter::nothing());
                CompiledRule { id, name, roles, verbs, filter, is_broken: true }
            }
        }
    }

    /// The fields that a row or their declaration closes, with the roles that rows open them to.
    fn closed_fields(&mut self, model: &SchemaModel, verb: Verb) -> Vec<(FieldId, RoleSet)> {
        let table = model.def.table;
        let is_about = |it: &&FieldRightRow| match verb {
            Verb::Read => it.can_read,
            _ => it.can_write,
        };
        let rows: Vec<&FieldRightRow> =
            self.rows.field_rights.iter().filter(|it| it.model == table).filter(is_about).collect();
        for row in rows.iter().filter(|it| model.field(&it.field).is_none()) {
            let (id, field) = (row.id, &row.field);
            self.faults.push(format!("field right #{id}: `{table}` has no field `{field}`"));
        }
        let mut closed = Vec::new();
        for field in model.fields() {
            let name = field.def.name;
            let declared = match verb {
                Verb::Read => field.def.read,
                _ => field.def.write,
            };
            let is_reserved =
                verb != Verb::Read && self.declared.reserved_fields.contains(&(table, name));
            let opened = rows.iter().filter(|it| it.field == name);
            if is_reserved {
                closed.push((field.id, RoleSet::new()));
            } else if !declared.is_empty() || opened.clone().next().is_some() {
                closed.push((field.id, opened.flat_map(|it| it.roles.iter().copied()).collect()));
            }
        }
        closed
    }
}
