//! From what modules declared to what is asked: names become positions, faults are gathered.

use orm::{Filter, Schema, schema::SchemaModel};

use crate::access::{
    Rights,
    compiled::{CompiledRole, CompiledRule, ModelRights, RoleSet},
    rights::{DeclaredRole, DeclaredRule},
    rule_check::RuleCheck,
};

/// Compiles one set of declarations and gathers their faults.
pub(crate) struct Compiler<'a> {
    rights: &'a Rights,
    schema: &'a Schema,
    roles: Vec<&'a DeclaredRole>,
    faults: Vec<String>,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(rights: &'a Rights, schema: &'a Schema) -> Self {
        let mut roles: Vec<&DeclaredRole> = rights.roles.iter().collect();
        roles.sort_by_key(|it| it.name);
        let mut faults = Vec::new();
        for pair in roles.windows(2).filter(|it| it[0].name == it[1].name) {
            let (first, second) = (pair[0].module, pair[1].module);
            faults.push(format!("role `{}` is declared by `{first}` and `{second}`", pair[0].name));
        }
        Self { rights, schema, roles, faults }
    }

    /// Roles and the rights of each model, in the order of the schema; or every fault.
    pub(crate) fn run(mut self) -> Result<(Vec<CompiledRole>, Vec<ModelRights>), Vec<String>> {
        self.check_models();
        let roles = self.roles();
        let models = self.schema.models().iter().map(|it| self.model(it)).collect();
        if self.faults.is_empty() { Ok((roles, models)) } else { Err(self.faults) }
    }

    /// Rights are declared for models of listed modules, and not for children: theirs are those
    /// of their parents.
    fn check_models(&mut self) {
        let grants = self.rights.grants.iter().map(|it| (it.module, "grant", it.model));
        let rules = self.rights.rules.iter().map(|it| (it.module, "rule", it.model));
        for (module, what, model) in grants.chain(rules) {
            let fault = match (self.schema.by_table(model.table), model.child_of) {
                (None, _) => "no listed module has it".to_owned(),
                (Some(_), None) => continue,
                (Some(_), Some(child_of)) => {
                    format!("it follows its `{}`; say it there", child_of.field)
                }
            };
            self.faults.push(format!("module `{module}`, {what} on `{}`: {fault}", model.table));
        }
    }

    fn roles(&mut self) -> Vec<CompiledRole> {
        let mut compiled = Vec::with_capacity(self.roles.len());
        for at in 0..self.roles.len() {
            let role = self.roles[at];
            let who = format!("module `{}`, role `{}`, implies", role.module, role.name);
            self.role_set(&role.implies, &who);
            let closure = self.closure(at);
            let DeclaredRole { module, name, label, ref implies } = *role;
            compiled.push(CompiledRole { module, name, label, implies: implies.clone(), closure });
        }
        compiled
    }

    /// A role and all that it implies; a role that implies itself is a fault.
    fn closure(&mut self, start: usize) -> RoleSet {
        let mut closure = RoleSet::from([start]);
        let mut waiting = vec![start];
        while let Some(role) = waiting.pop().map(|at| self.roles[at]) {
            let implied = role.implies.iter().filter_map(|it| self.position(it));
            for implied in implied.collect::<Vec<_>>() {
                if implied == start {
                    let name = self.roles[start].name;
                    self.faults
                        .push(format!("role `{name}` implies itself through `{}`", role.name));
                } else if closure.insert(implied) {
                    waiting.push(implied);
                }
            }
        }
        closure
    }

    fn model(&mut self, model: &SchemaModel) -> ModelRights {
        let mut rights = ModelRights {
            is_private: model.def.is_private,
            is_child: model.parent.is_some(),
            fields: model.fields().iter().map(|it| it.id).collect(),
            grants: Vec::new(),
            rules: Vec::new(),
            read: Vec::new(),
            write: Vec::new(),
        };
        for grant in self.rights.grants.iter().filter(|it| it.model.table == model.def.table) {
            let who = format!("module `{}`, grant on `{}`", grant.module, model.def.table);
            let roles = self.role_set(&[grant.role], &who);
            rights.grants.extend(roles.into_iter().map(|it| (it, grant.verbs)));
        }
        for rule in self.rights.rules.iter().filter(|it| it.model.table == model.def.table) {
            rights.rules.push(self.rule(rule, model));
        }
        for field in model.fields() {
            let who = format!("`{}.{}`", model.def.table, field.def.name);
            let mut only = |verb: &str, roles: &[&'static str]| {
                let roles =
                    (!roles.is_empty()).then(|| self.role_set(roles, &format!("{who}, {verb}")));
                roles.map(|it| (field.id, it))
            };
            rights.read.extend(only("read", field.def.read));
            rights.write.extend(only("write", field.def.write));
        }
        rights
    }

    fn rule(&mut self, rule: &DeclaredRule, model: &SchemaModel) -> CompiledRule {
        let (module, name) = (rule.module, rule.name);
        let who = format!("module `{module}`, rule `{name}` on `{}`", model.def.table);
        let roles = self.role_set(&rule.roles, &who);
        let mut check = RuleCheck::new(self.schema);
        check.filter(&rule.filter, model);
        self.faults.extend(check.faults.into_iter().map(|it| format!("{who}: {it}")));
        // Without a company, a rule that names it is false as a whole, also where it says `not`.
        let given = check.scalars.into_iter().map(|name| Filter::Given { name });
        let filter = given.fold(rule.filter.clone(), Filter::and);
        CompiledRule { roles, verbs: rule.verbs, filter }
    }

    /// The positions of roles by name; one that is not declared is a fault.
    fn role_set(&mut self, names: &[&'static str], who: &str) -> RoleSet {
        let mut set = RoleSet::new();
        for name in names {
            match self.position(name) {
                Some(it) => _ = set.insert(it),
                None => {
                    let fault = format!("{who}: no listed module declares the role `{name}`");
                    self.faults.push(fault);
                }
            }
        }
        set
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.roles.iter().position(|it| it.name == name)
    }
}
