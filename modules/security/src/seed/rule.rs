//! Rules that modules declare.

use artel_core::{Grant as Verbs, Result, Session, access::SeedRule};
use orm::{Changes, Id, Json, Model, Verb};
use users::Role;

use crate::{
    Rule,
    seed::{Declared, Roles, linked},
};

impl Declared for SeedRule {
    const TABLE: &'static str = "rules";

    fn module(&self) -> &'static str {
        self.module
    }

    fn key(&self) -> String {
        format!("rule {} {}", self.model, self.name)
    }

    fn content(&self) -> String {
        let roles: Vec<&str> = self.roles.iter().copied().collect();
        content((self.name, self.model), self.verbs, &roles, &self.filter)
    }

    /// Names of rules are nobody's: one of the same name is another rule.
    async fn find(&self, _: &Session, _: &Roles) -> Result<Option<i64>> {
        Ok(None)
    }

    async fn create(session: &Session, list: &[&Self], roles: &Roles) -> Result<Vec<i64>> {
        let rows = list.iter().map(|it| row(it, roles)).collect::<Result<_>>()?;
        let ids = Rule::create_many(session, rows).await?;
        Ok(ids.into_iter().map(Id::get).collect())
    }

    async fn content_of(session: &Session, id: i64, roles: &Roles) -> Result<Option<String>> {
        let Some(rule) = Rule::query(session).filter(Rule::ID.eq(id)).first().await? else {
            return Ok(None);
        };
        let of = linked::<Rule>(session, "roles", id).await?;
        let flags = [rule.on_create, rule.on_read, rule.on_update, rule.on_delete];
        // Switched off, it is as if it spoke of nothing: no declaration says so.
        let verbs = Verbs::where_so(|verb| rule.active && flags[verb as usize]);
        let subject = (rule.name.as_str(), rule.model.as_str());
        Ok(Some(content(subject, verbs, &roles.names(&of), rule.filter.text())))
    }

    async fn change(&self, session: &Session, id: i64, roles: &Roles) -> Result<()> {
        Rule::update(session, id, row(self, roles)?).await?;
        Ok(())
    }

    /// Switched off where rules of other roles speak of the same: it only gives then. What it
    /// closes, stays closed: the last one of a verb, and one for everyone.
    async fn give_up(session: &Session, id: i64) -> Result<()> {
        let rule = Rule::find(session, Id::new(id)).await?;
        let of_roles = Rule::ACTIVE.eq(true).and(Rule::ROLES.some(Role::ID.gte(0)));
        let of_roles = of_roles.and(Rule::MODEL.eq(rule.model.as_str()));
        let of_roles = Rule::query(session).filter(of_roles).all().await?;
        let is_left =
            |verb: Verb| of_roles.iter().any(|it| it.id().get() != id && it.speaks_of(verb));
        let is_of_roles = of_roles.iter().any(|it| it.id().get() == id);
        if is_of_roles && Verb::ALL.iter().all(|it| !rule.speaks_of(*it) || is_left(*it)) {
            Rule::update(session, id, [Rule::ACTIVE.set(false)]).await?;
        }
        Ok(())
    }
}

fn row(of: &SeedRule, roles: &Roles) -> Result<Changes<Rule>> {
    let row = Changes::from([
        Rule::NAME.set(of.name),
        Rule::MODEL.set(of.model),
        Rule::ON_CREATE.set(of.verbs.has(Verb::Create)),
        Rule::ON_READ.set(of.verbs.has(Verb::Read)),
        Rule::ON_UPDATE.set(of.verbs.has(Verb::Update)),
        Rule::ON_DELETE.set(of.verbs.has(Verb::Delete)),
        Rule::FILTER.set(Json::parse(of.filter.as_str())?),
        Rule::ACTIVE.set(true),
    ]);
    Ok(row.with(Rule::ROLES.replace(&roles.ids(&of.roles))))
}

fn content((name, model): (&str, &str), verbs: Verbs, roles: &[&str], filter: &str) -> String {
    format!("{name}\n{model}\n{verbs}\n{}\n{filter}", roles.join(" "))
}
