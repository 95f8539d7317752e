//! Why a user may or may not read, change and delete one record.
//!
//! Judged by PostgreSQL, with the rights that the user's next request would have.
//!
//! **Invariant:** a reason that does not agree with what the statements of the user would do is
//! never given: that is a fault of ours.

use std::sync::Arc;

use orm::{
    Access, Asker, Session, Verb,
    engine::{self, Verdicts},
    schema::{FieldSet, SchemaModel},
};

use crate::{
    App, Error, Result,
    access::{
        CompiledRights, Standing,
        compiled::{CompiledGrant, CompiledRule, ModelRights, RoleSet},
    },
};

/// What can be done with a record that is there.
const VERBS: [Verb; 3] = [Verb::Read, Verb::Update, Verb::Delete];

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

/// Explains what the user may do with a record, as things stand now; `None` when there is no such
/// record. `system` is a session of the system.
///
/// # Errors
/// When the database is away.
pub async fn explain(
    app: &Arc<App>,
    system: &Session,
    standing: &Standing,
    (model, id): (&SchemaModel, i64),
) -> Result<Option<Explanation>> {
    let rights = &*app.rights.latest(system).await?;
    let mut lists = app.rights.lists(system, &[standing.user]).await?;
    let lists = lists.remove(&standing.user).unwrap_or_default();
    let access = Arc::new(standing.checker(rights, lists));
    let asker = Asker {
        access: access.clone(),
        id: Some(standing.user),
        language: system.language(),
        now: system.now(),
        statements: system.statements().clone(),
        host: app.clone(),
    };
    let session = &Session::new(system.database(), asker);
    let roles = rights.closure(&standing.roles);
    let explain = Explain { rights, standing, roles, session };
    let Some([read, update, delete]) = explain.record(model, id).await? else { return Ok(None) };
    Ok(Some(Explanation {
        read,
        update: explain.asked_of_author((model, id), Verb::Update, update).await?,
        delete: explain.asked_of_author((model, id), Verb::Delete, delete).await?,
        closed_for_reading: closed(model, access.readable(model.id)),
        closed_for_writing: closed(model, access.writable(model.id)),
    }))
}

fn closed(model: &SchemaModel, open: Option<Arc<FieldSet>>) -> Vec<&'static str> {
    let Some(open) = open else { return Vec::new() };
    model.fields().iter().filter(|it| !open.contains(it.id)).map(|it| it.def.name).collect()
}

/// Explains the rights of one user.
struct Explain<'a> {
    rights: &'a CompiledRights,
    standing: &'a Standing,
    /// Their roles with all that these imply.
    roles: RoleSet,
    /// Theirs.
    session: &'a Session,
}

impl Explain<'_> {
    /// What is decided about a record: about the one whose rights it follows, and so on.
    async fn record(&self, model: &SchemaModel, id: i64) -> Result<Option<[Decision; 3]>> {
        let (mut at, mut id) = (model, id);
        let mut followers = Vec::new();
        let (root, verdicts) = loop {
            let rules = &self.rights.models[at.id.index()].rules;
            let filters: Vec<_> = rules.iter().map(|it| it.filter.clone()).collect();
            let verdicts = engine::verdicts(self.session, at, id, &VERBS, &filters).await?;
            let Some(verdicts) = verdicts else { return Ok(None) };
            let (Some(field), Some(parent)) = (at.parent, verdicts.parent) else {
                break (at, verdicts);
            };
            followers.push((at, verdicts));
            (at, id) = (self.session.schema().target(at.at(field)), parent);
        };
        let mut decisions = self.decide_all(root, &verdicts)?;
        let mut parent = root;
        while let Some((child, verdicts)) = followers.pop() {
            decisions = self.follow(child, (parent, &decisions), &verdicts)?;
            parent = child;
        }
        Ok(Some(decisions))
    }

    /// What is decided about a record with rights of its own.
    fn decide_all(&self, model: &SchemaModel, verdicts: &Verdicts) -> Result<[Decision; 3]> {
        let of_model = &self.rights.models[model.id.index()];
        let mut may_read = false;
        let mut decisions = Vec::with_capacity(VERBS.len());
        for verb in VERBS {
            let (mut is_allowed, mut decided_by) = self.decide(of_model, verb, &verdicts.rules);
            may_read |= verb == Verb::Read && is_allowed;
            if is_allowed && !may_read {
                (is_allowed, decided_by) = (false, DecidedBy::NeedsRead);
            }
            decisions.push(Decision { is_allowed, decided_by, sql: self.condition(model, verb)? });
        }
        self.verified(decisions, verdicts)
    }

    /// What that means for a record that follows another: reading it is reading that one, all else
    /// is changing that one.
    fn follow(
        &self,
        child: &SchemaModel,
        (parent, [read, update, _]): (&SchemaModel, &[Decision; 3]),
        verdicts: &Verdicts,
    ) -> Result<[Decision; 3]> {
        let mut decisions = Vec::with_capacity(VERBS.len());
        for (verb, decision) in VERBS.into_iter().zip([read, update, update]) {
            decisions.push(Decision {
                is_allowed: decision.is_allowed,
                decided_by: DecidedBy::Parent {
                    model: parent.def.table,
                    id: verdicts.parent.unwrap_or_default(),
                    decision: Box::new(decision.clone()),
                },
                sql: self.condition(child, verb)?,
            });
        }
        self.verified(decisions, verdicts)
    }

    /// Decisions that agree with what the user's own statements would do.
    fn verified(&self, decisions: Vec<Decision>, verdicts: &Verdicts) -> Result<[Decision; 3]> {
        let may_read = verdicts.verbs[0] && self.standing.is_active;
        let agrees = |it: (&Decision, &bool)| it.0.is_allowed == (*it.1 && may_read);
        if !decisions.iter().zip(&verdicts.verbs).all(agrees) {
            return Err(Error::broken(format!("{decisions:?} are not {:?}", verdicts.verbs)));
        }
        decisions.try_into().map_err(|_| Error::broken("a verb was left out"))
    }

    /// Whether one verb is allowed, and by what; `passes` says of each rule whether the record
    /// passes it.
    fn decide(&self, model: &ModelRights, verb: Verb, passes: &[bool]) -> (bool, DecidedBy) {
        let is_admin = self.standing.is_admin;
        if !self.standing.is_active {
            return (false, DecidedBy::NotActive);
        }
        if is_admin && !model.is_private {
            return (true, DecidedBy::Administrator);
        }
        let without_rules = match self.grant(model, verb) {
            _ if is_admin => DecidedBy::Administrator,
            None => return (false, DecidedBy::NoGrant),
            Some(_) if self.grant(model, Verb::Read).is_none() => {
                return (false, DecidedBy::NeedsRead);
            }
            Some(grant) => DecidedBy::Grant { id: grant.id, role: self.role_name(grant.role) },
        };
        let of_verb = model.rules.iter().zip(passes.iter().copied());
        let of_verb: Vec<_> = of_verb.filter(|it| it.0.verbs.has(verb)).collect();
        self.decide_by_rules(&of_verb).unwrap_or((true, without_rules))
    }

    /// The same by the rules of a verb, each with whether the record passes it; `None` when there
    /// are none.
    fn decide_by_rules(&self, rules: &[(&CompiledRule, bool)]) -> Option<(bool, DecidedBy)> {
        let named = |it: &CompiledRule| DecidedBy::Rule { id: it.id, name: it.name.clone() };
        if let Some((broken, _)) = rules.iter().find(|it| it.0.is_broken) {
            let (id, name) = (broken.id, broken.name.clone());
            return Some((false, DecidedBy::BrokenRule { id, name }));
        }
        let (for_everyone, for_roles): (Vec<_>, Vec<_>) =
            rules.iter().partition(|it| it.0.roles.is_empty());
        let is_own = |it: &&&(&CompiledRule, bool)| !it.0.roles.is_disjoint(&self.roles);
        let own: Vec<_> = for_roles.iter().filter(is_own).collect();
        if !for_roles.is_empty() && own.is_empty() {
            return Some((false, DecidedBy::NoRuleForRoles));
        }
        if let Some((refusing, _)) = for_everyone.iter().find(|it| !it.1) {
            return Some((false, named(refusing)));
        }
        if let Some((opening, _)) = own.iter().find(|it| it.1) {
            return Some((true, named(opening)));
        }
        if !own.is_empty() {
            let ids = own.iter().map(|it| it.0.id).collect();
            return Some((false, DecidedBy::Rules { ids }));
        }
        for_everyone.first().map(|it| (true, named(it.0)))
    }

    fn grant<'m>(&self, model: &'m ModelRights, verb: Verb) -> Option<&'m CompiledGrant> {
        let gives = |it: &&CompiledGrant| it.verbs.has(verb) && self.roles.contains(&it.role);
        model.grants.iter().find(gives)
    }

    fn role_name(&self, id: i64) -> Arc<str> {
        self.rights.names(&RoleSet::from([id])).pop().unwrap_or_default()
    }

    /// The condition of a verb; nobody asks for somebody who is not active.
    fn condition(&self, model: &SchemaModel, verb: Verb) -> Result<String> {
        match self.standing.is_active {
            true => Ok(engine::scope_sql(self.session.outlook(), model, verb)?),
            false => Ok("FALSE".to_owned()),
        }
    }

    /// A decision that the author of the model has been asked about.
    async fn asked_of_author(
        &self,
        (model, id): (&SchemaModel, i64),
        verb: Verb,
        decision: Decision,
    ) -> Result<Decision> {
        let session = self.session;
        if !decision.is_allowed || !engine::is_denied_by_author(session, model, id, verb).await? {
            return Ok(decision);
        }
        let decided_by = DecidedBy::Module { name: model.def.krate };
        Ok(Decision { is_allowed: false, decided_by, ..decision })
    }
}
