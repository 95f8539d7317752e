//! What a second pair of eyes would say of the rights of an installation.

use chrono::DateTime;
use orm::{
    Kind, Outlook, Schema, Verb, engine,
    schema::{ModelId, SchemaField, SchemaModel},
};

use crate::{
    Result,
    access::{
        Asking, Checker, CompiledRights, DeclaredRights, Grant,
        compiled::{CompiledGrant, CompiledRule, ModelRights, RoleSet},
        lookup,
    },
};

/// What there is to say.
#[derive(Debug, Default)]
pub struct Review {
    /// What is allowed, and hardly meant.
    pub warnings: Vec<String>,
    /// The models that are for administrators only, on purpose: nobody else writes them, and no
    /// role has a grant.
    pub reserved: Vec<&'static str>,
    /// Every rule.
    pub rules: Vec<ReviewedRule>,
}

/// A rule beside what becomes of it.
#[derive(Debug)]
pub struct ReviewedRule {
    /// Whose it is and what it speaks of.
    pub title: String,
    /// The condition that it puts into statements.
    pub sql: String,
}

/// Looks at rights, declared or stored.
///
/// # Errors
/// When a rule that was checked cannot be put into SQL, which is a fault of ours.
pub fn review(
    rights: &CompiledRights,
    declared: &DeclaredRights,
    schema: &Schema,
) -> Result<Review> {
    let mut review = Review::default();
    let reviewer = Reviewer { rights, declared, schema };
    for model in schema.models() {
        reviewer.grants(model, &mut review);
        reviewer.display(model, &mut review);
        review.warnings.extend(twins(schema, model));
        for rule in reviewer.of_model(model.id).rules.iter().filter(|it| !it.is_broken) {
            reviewer.rule(model, rule, &mut review)?;
        }
    }
    Ok(review)
}

struct Reviewer<'a> {
    rights: &'a CompiledRights,
    declared: &'a DeclaredRights,
    schema: &'a Schema,
}

impl Reviewer<'_> {
    fn of_model(&self, model: ModelId) -> &ModelRights {
        &self.rights.models[model.index()]
    }

    fn grants(&self, model: &SchemaModel, review: &mut Review) {
        let (table, of_model) = (model.def.table, self.of_model(model.id));
        let is_reserved = self.declared.reserved.iter().any(|it| it.model.table == table);
        match (of_model.grants.is_empty() && !of_model.is_child, is_reserved) {
            (true, true) => review.reserved.push(table),
            (true, false) => review
                .warnings
                .push(format!("`{table}`: no role has a grant, so it is for administrators only")),
            (false, _) => {}
        }
        for grant in &of_model.grants {
            review.warnings.extend(self.grant(table, of_model, grant));
        }
    }

    /// What is wrong with a grant.
    fn grant(&self, table: &str, model: &ModelRights, grant: &CompiledGrant) -> Option<String> {
        let role = self.names(&RoleSet::from([grant.role]));
        let asked = grant.asked;
        if asked != grant.verbs {
            let left = grant.verbs;
            return Some(format!(
                "`{table}`: the grant of `{role}` ({asked}) gives no more than {left}: \
                 writing is reserved"
            ));
        }
        let closure = self.rights.closure(&[grant.role]);
        let reads = |it: &CompiledGrant| it.verbs.has(Verb::Read) && closure.contains(&it.role);
        let needs_read = Grant::UPDATE | Grant::DELETE;
        if asked & needs_read == Grant::NONE || model.grants.iter().any(reads) {
            return None;
        }
        Some(format!(
            "`{table}`: the grant of `{role}` ({asked}) gives less than it says: changing and \
             deleting need the right to read"
        ))
    }

    /// A name that some may not read is no name for them.
    fn display(&self, model: &SchemaModel, review: &mut Review) {
        let field = model.def.display.and_then(|it| model.field(it));
        let Some(field) = field else { return };
        let closed = self.of_model(model.id).read.iter().find(|it| it.0 == field.id);
        if let Some((_, roles)) = closed {
            let (table, name, roles) = (model.def.table, field.def.name, self.names(roles));
            review.warnings.push(format!(
                "`{table}`: records are named by `{name}`, which is closed to all but `{roles}`"
            ));
        }
    }

    fn rule(&self, model: &SchemaModel, rule: &CompiledRule, review: &mut Review) -> Result<()> {
        let (table, name) = (model.def.table, &rule.name);
        for column in lookup::without_index(self.schema, model, &rule.filter) {
            review.warnings.push(format!(
                "`{table}`: rule `{name}` looks records up by `{column}`, which has no index"
            ));
        }
        let whose = match rule.roles.is_empty() {
            true => "everyone".to_owned(),
            false => self.names(&rule.roles),
        };
        // Rules are the same for whoever asks.
        let access = Checker::new(self.rights.view(&[], false), &Asking::default());
        let now = DateTime::UNIX_EPOCH;
        let outlook = Outlook { schema: self.schema, access: &access, now };
        review.rules.push(ReviewedRule {
            title: format!("{table}: {name} ({whose}: {})", rule.verbs),
            sql: engine::rule_sql(outlook, model, &rule.filter)?,
        });
        Ok(())
    }

    fn names(&self, roles: &RoleSet) -> String {
        self.rights.names(roles).join(", ")
    }
}

/// Two links between the same models, one declared on each side: mostly one link was meant. Each
/// pair is named once.
fn twins(schema: &Schema, model: &SchemaModel) -> Vec<String> {
    let mut found = Vec::new();
    for field in links_of(model) {
        let Some(other) = field.target.filter(|it| *it > model.id).map(|it| schema.model(it))
        else {
            continue;
        };
        let back = links_of(other).filter(|it| it.target == Some(model.id));
        for back in back.filter(|it| !is_mirrored(model, it) && !is_mirrored(other, field)) {
            let (one, table) = (field.def.name, model.def.table);
            let (two, other) = (back.def.name, other.def.table);
            found.push(format!(
                "`{table}.{one}` and `{other}.{two}` are two links between the same models; if \
                 one was meant, write #[field(inverse = \"{one}\")] at `{other}.{two}`"
            ));
        }
    }
    found
}

/// The links that have a table of their own.
fn links_of(model: &SchemaModel) -> impl Iterator<Item = &SchemaField> {
    let is_link = |it: &&SchemaField| matches!(it.def.kind, Kind::Many2Many(_));
    model.fields().iter().filter(is_link).filter(|it| it.def.inverse.is_none())
}

/// Whether a model has the other side of a link that leads to it.
fn is_mirrored(model: &SchemaModel, link: &SchemaField) -> bool {
    model.fields().iter().any(|it| it.def.inverse == Some(link.def.name))
}
