//! Holds the declarations of modules against the models, and gathers all that is wrong.

use std::collections::BTreeSet;

use orm::{
    Filter, Op, Operand, Schema,
    schema::{SchemaField, SchemaModel},
    write_filter,
};

use crate::access::{
    ASKERS_SIGNAL, Grant, Rights, SeedFieldRight, SeedGrant, SeedRole, SeedRule,
    macros::{ListMacro, Macros},
    rights::{DeclaredRole, DeclaredRule},
    rule_check::RuleCheck,
};

/// What the rule of a model that says `company_owned` is called.
const OF_COMPANIES: &str = "records of one's companies";

/// The rule for everyone that a model's line `company_owned` stands for: records of a company are
/// for its users, those of none for all whom other rules let.
fn of_companies(model: &SchemaModel) -> Option<DeclaredRule> {
    let field = model.def.company_owned?;
    let operand = Operand::Macro("my_companies".to_owned());
    let of_own = Filter::Compare { field, op: Op::In, operand };
    Some(DeclaredRule {
        module: model.def.krate,
        name: OF_COMPANIES,
        model: model.def,
        roles: Vec::new(),
        verbs: Grant::ALL,
        filter: of_own.or(Filter::Absent { field }),
    })
}

/// Gathers the faults of the declarations.
pub(super) struct DeclarationCheck<'a> {
    rights: &'a Rights,
    schema: &'a Schema,
    macros: &'a Macros,
    faults: Vec<String>,
}

/// Roles, grants, rules and rights of fields.
pub(super) type Checked = (Vec<SeedRole>, Vec<SeedGrant>, Vec<SeedRule>, Vec<SeedFieldRight>);

impl<'a> DeclarationCheck<'a> {
    /// For these declarations.
    pub(super) fn new(rights: &'a Rights, schema: &'a Schema, macros: &'a Macros) -> Self {
        Self { rights, schema, macros, faults: Vec::new() }
    }

    /// What becomes rows of rights; or every fault, a line each.
    pub(super) fn run(mut self) -> Result<Checked, Vec<String>> {
        self.names();
        self.models();
        self.macros();
        let roles = self.roles();
        let grants = self.grants();
        let rules = self.rules();
        let field_rights = self.field_rights();
        if self.faults.is_empty() {
            Ok((roles, grants, rules, field_rights))
        } else {
            Err(self.faults)
        }
    }

    /// A role is named after its module, and declared once.
    fn names(&mut self) {
        for DeclaredRole { module, name, .. } in &self.rights.roles {
            if !is_role(name) {
                self.faults.push(format!(
                    "module `{module}`, role `{name}`: a role is named `module.what` in small \
                     letters; write `{module}.{}`",
                    name.rsplit('.').next().unwrap_or(name).to_lowercase().replace(' ', "_"),
                ));
            }
        }
        let mut roles: Vec<&DeclaredRole> = self.rights.roles.iter().collect();
        roles.sort_by_key(|it| it.name);
        for pair in roles.windows(2).filter(|it| it[0].name == it[1].name) {
            let (name, first, second) = (pair[0].name, pair[0].module, pair[1].module);
            self.faults.push(format!(
                "role `{name}` is declared by `{first}` and `{second}`; take one away or rename it"
            ));
        }
    }

    /// Rights are declared for models of listed modules, and not for children: theirs are those
    /// of their parents.
    fn models(&mut self) {
        let grants = self.rights.grants.iter().map(|it| (it.module, "grant", it.model));
        let rules = self.rights.rules.iter().map(|it| (it.module, "rule", it.model));
        for (module, what, model) in grants.chain(rules) {
            let fault = match (self.schema.by_table(model.table), model.child_of) {
                (None, _) => "no listed module has it; add its module".to_owned(),
                (Some(_), None) => continue,
                (Some(_), Some(child_of)) => {
                    format!("it follows its `{}`; say it there", child_of.field)
                }
            };
            self.faults.push(format!("module `{module}`, {what} on `{}`: {fault}", model.table));
        }
    }

    fn macros(&mut self) {
        for (at, it) in self.rights.lists.iter().enumerate() {
            let ListMacro { module, name, model, .. } = *it;
            let others = Macros { lists: self.rights.lists[..at].to_vec() };
            let fault = if Macros::scalar(name).is_some() || others.list(name).is_some() {
                "there is one of this name already".to_owned()
            } else if model.signal != Some(ASKERS_SIGNAL) {
                format!("`{}` needs `signal = \"{ASKERS_SIGNAL}\"`", model.table)
            } else if !self.leads_to_asker(it) {
                format!("`{}.{}` does not lead to those who ask", model.table, it.field)
            } else {
                continue;
            };
            self.faults.push(format!("module `{module}`, macro `@{name}`: {fault}"));
        }
    }

    fn leads_to_asker(&self, list: &ListMacro) -> bool {
        let field = self.schema.by_table(list.model.table).and_then(|it| it.field(list.field));
        let asker = self.schema.asker().map(|it| it.id);
        field.is_some_and(|it| asker.is_some() && it.target == asker)
    }

    fn roles(&mut self) -> Vec<SeedRole> {
        let mut roles: Vec<&DeclaredRole> = self.rights.roles.iter().collect();
        roles.sort_by_key(|it| it.name);
        for role in &roles {
            let who = format!("module `{}`, role `{}`, implies", role.module, role.name);
            self.role_set(&role.implies, &who);
            self.check_circle(role);
        }
        let seed = |it: &DeclaredRole| SeedRole {
            module: it.module,
            name: it.name,
            label: it.label,
            implies: it.implies.iter().copied().collect(),
        };
        roles.into_iter().map(seed).collect()
    }

    /// A role that implies itself is a fault.
    fn check_circle(&mut self, start: &DeclaredRole) {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![start];
        while let Some(role) = waiting.pop() {
            if role.implies.contains(&start.name) {
                let fault = format!(
                    "role `{}` implies itself through `{}`; take it out of one `implies`",
                    start.name, role.name
                );
                self.faults.push(fault);
                return;
            }
            let implied = self.rights.roles.iter().filter(|it| role.implies.contains(&it.name));
            waiting.extend(implied.filter(|it| seen.insert(it.name)));
        }
    }

    fn grants(&mut self) -> Vec<SeedGrant> {
        let mut grants: Vec<SeedGrant> = Vec::new();
        for it in &self.rights.grants {
            let who = format!("module `{}`, grant on `{}`", it.module, it.model.table);
            self.role_set(&[it.role], &who);
            let known = grants
                .iter_mut()
                .find(|other| other.role == it.role && other.model == it.model.table);
            match known {
                Some(known) => known.verbs = known.verbs | it.verbs,
                None => grants.push(SeedGrant {
                    module: it.module,
                    role: it.role,
                    model: it.model.table,
                    verbs: it.verbs,
                }),
            }
        }
        grants
    }

    fn rules(&mut self) -> Vec<SeedRule> {
        let mut rules: Vec<SeedRule> = Vec::new();
        let of_companies: Vec<_> = self.schema.models().iter().filter_map(of_companies).collect();
        for rule in self.rights.rules.iter().chain(&of_companies) {
            let DeclaredRule { module, name, model, verbs, .. } = *rule;
            let who = format!("module `{module}`, rule `{name}` on `{}`", model.table);
            let is_same =
                |it: &SeedRule| it.module == module && it.name == name && it.model == model.table;
            if rules.iter().any(is_same) {
                self.faults.push(format!("{who}: there is one of this name already"));
            }
            let roles = self.role_set(&rule.roles, &who);
            let Some(of) = self.schema.by_table(model.table) else { continue };
            let filter = self.filter(&rule.filter, of, &who);
            rules.push(SeedRule { module, name, model: model.table, verbs, roles, filter });
        }
        rules
    }

    fn filter(&mut self, filter: &Filter, model: &SchemaModel, who: &str) -> String {
        let mut check = RuleCheck::new(self.schema, self.macros);
        check.filter(filter, model);
        let faults = std::mem::take(&mut check.faults);
        if !faults.is_empty() {
            self.faults.extend(faults.into_iter().map(|it| format!("{who}: {it}")));
            return String::new();
        }
        // Written and read back: what the table holds must be what was declared.
        let text = write_filter(self.schema, model, filter).unwrap_or_else(|error| {
            self.faults.push(format!("{who}: {error}"));
            String::new()
        });
        if let Err(error) = self.macros.rule(self.schema, model, &text) {
            self.faults.push(format!("{who}: {error}"));
        }
        text
    }

    fn field_rights(&mut self) -> Vec<SeedFieldRight> {
        let mut rights = Vec::new();
        for model in self.schema.models() {
            for field in model.fields() {
                rights.extend(self.field_right(model, field));
            }
        }
        rights
    }

    /// What a field says of itself: a row a verb, so that each follows its own declaration.
    fn field_right(&mut self, model: &SchemaModel, field: &SchemaField) -> Vec<SeedFieldRight> {
        let (module, table, name) = (field.krate, model.def.table, field.def.name);
        let mut only = |verb: &str, roles: &[&'static str]| {
            self.role_set(roles, &format!("`{table}.{name}`, {verb}"))
        };
        let (read, write) = (only("read", field.def.read), only("write", field.def.write));
        let verbs = [(true, read), (false, write)].into_iter().filter(|it| !it.1.is_empty());
        let row = |(can_read, roles)| SeedFieldRight {
            module,
            model: table,
            field: name,
            can_read,
            can_write: !can_read,
            roles,
        };
        verbs.map(row).collect()
    }

    /// Roles by name; one that is not declared is a fault.
    fn role_set(&mut self, names: &[&'static str], who: &str) -> BTreeSet<&'static str> {
        let is_declared = |name: &str| self.rights.roles.iter().any(|it| it.name == name);
        let (known, unknown): (Vec<_>, Vec<_>) = names.iter().partition(|it| is_declared(it));
        let of_module = |it: &str| {
            let module = it.split('.').next().unwrap_or_default();
            let known = self.rights.roles.iter().map(|it| it.name);
            let known: Vec<_> = known.filter(|it| it.split('.').next() == Some(module)).collect();
            match &known[..] {
                [] => format!("add module `{module}`, or declare it by `to.role(\"{it}\", …)`"),
                known => format!("`{module}` has {}", known.join(", ")),
            }
        };
        let fault = |it: &str| {
            format!("{who}: no listed module declares the role `{it}`; {}", of_module(it))
        };
        self.faults.extend(unknown.into_iter().map(fault));
        known.into_iter().collect()
    }
}

/// Whether it is `module.what`: fields and grants name it so.
fn is_role(name: &str) -> bool {
    let is_letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    let is_plain = |it: &str| !it.is_empty() && it.bytes().all(is_letter);
    name.contains('.') && name.split('.').all(is_plain)
}
