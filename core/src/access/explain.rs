//! Why a user may or may not read, change and delete one record.
//!
//! Judged by PostgreSQL, with the rights that the user's next request would have.
//!
//! **Invariant:** a reason that does not agree with what the statements of the user would do is
//! never given: that is a fault of ours.

use std::sync::Arc;

use orm::{
    Access, Asker, Filter, Session, Verb,
    engine::{self, Verdicts},
    schema::{FieldSet, SchemaModel},
};

use crate::{
    App, Error, Result,
    access::{
        CompiledRights, DecidedBy, Decision, Explanation, Standing,
        compiled::{CompiledGrant, CompiledRule, ModelRights, RoleSet},
    },
};

/// What can be done with a record that is there.
const VERBS: [Verb; 3] = [Verb::Read, Verb::Update, Verb::Delete];

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
    /// What is decided about a record: about the one whose rights it follows, and so on. All of it
    /// is judged by one statement, so that its parts belong together.
    async fn record(&self, model: &SchemaModel, id: i64) -> Result<Option<[Decision; 3]>> {
        let mut line = vec![model];
        let mut hops = Vec::new();
        let mut root = model;
        while let Some(parent) = root.parent {
            hops.push(root.at(parent).def.name);
            root = self.session.schema().target(root.at(parent));
            line.push(root);
        }
        let behind_hops = |rule: &CompiledRule| {
            let hop = |inner, field: &&'static str| Filter::Hop { field, inner: Box::new(inner) };
            hops.iter().rev().fold(rule.filter.clone(), hop)
        };
        let of_root = &self.rights.models[root.id.index()];
        let rules: Vec<Filter> = of_root.rules.iter().map(behind_hops).collect();
        let verdicts = engine::verdicts(self.session, model, id, &VERBS, &rules).await?;
        let Some(verdicts) = verdicts else { return Ok(None) };
        let mut parents = Vec::new();
        let mut next = verdicts.parent;
        for of in line.iter().skip(1) {
            let Some(parent) = next else { return Ok(None) };
            parents.push((*of, parent));
            let above = engine::verdicts(self.session, of, parent, &[], &[]).await?;
            next = above.and_then(|it| it.parent);
        }
        let mut decisions = self.decide_all(root, &verdicts.rules)?;
        for (child, parent) in line.iter().zip(&parents).rev() {
            decisions = self.follow(child, *parent, &decisions)?;
        }
        self.verify(&decisions, &verdicts)?;
        Ok(Some(decisions))
    }

    /// What is decided about a record with rights of its own; `passes` says of each rule whether
    /// the record passes it.
    fn decide_all(&self, model: &SchemaModel, passes: &[bool]) -> Result<[Decision; 3]> {
        let of_model = &self.rights.models[model.id.index()];
        let (may_read, why) = self.decide(of_model, Verb::Read, passes);
        let decision = |verb| -> Result<Decision> {
            let (is_allowed, decided_by) = match self.decide(of_model, verb, passes) {
                (true, _) if !may_read => (false, DecidedBy::NeedsRead),
                decided => decided,
            };
            Ok(Decision { is_allowed, decided_by, sql: self.condition(model, verb)? })
        };
        let sql = self.condition(model, Verb::Read)?;
        let read = Decision { is_allowed: may_read, decided_by: why, sql };
        Ok([read, decision(Verb::Update)?, decision(Verb::Delete)?])
    }

    /// What that means for a record that follows another: reading it is reading that one, all else
    /// is changing that one.
    fn follow(
        &self,
        child: &SchemaModel,
        (parent, id): (&SchemaModel, i64),
        [read, update, _]: &[Decision; 3],
    ) -> Result<[Decision; 3]> {
        let follow = |verb, decision: &Decision| -> Result<Decision> {
            Ok(Decision {
                is_allowed: decision.is_allowed,
                decided_by: DecidedBy::Parent {
                    model: parent.def.table,
                    id,
                    decision: Box::new(decision.clone()),
                },
                sql: self.condition(child, verb)?,
            })
        };
        let [of_read, of_update, of_delete] = VERBS;
        Ok([follow(of_read, read)?, follow(of_update, update)?, follow(of_delete, update)?])
    }

    /// Holds decisions against what the user's own statements would do.
    fn verify(&self, decisions: &[Decision; 3], verdicts: &Verdicts) -> Result<()> {
        let may_read = verdicts.verbs[0] && self.standing.is_active;
        let agrees = |it: (&Decision, &bool)| it.0.is_allowed == (*it.1 && may_read);
        match decisions.iter().zip(&verdicts.verbs).all(agrees) {
            true => Ok(()),
            false => Err(Error::broken(format!("{decisions:?} are not {:?}", verdicts.verbs))),
        }
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
