//! Grants that modules declare.

use artel_core::{Grant as Verbs, Result, Session, access::SeedGrant};
use orm::{Change, Id, Model, Verb};

use crate::{
    Grant,
    seed::{Declared, Roles},
};

impl Declared for SeedGrant {
    const TABLE: &'static str = "grants";

    fn module(&self) -> &'static str {
        self.module
    }

    fn key(&self) -> String {
        format!("grant {} {}", self.role, self.model)
    }

    fn content(&self) -> String {
        content(self.role, self.model, self.verbs)
    }

    async fn find(&self, session: &Session, roles: &Roles) -> Result<Option<i64>> {
        let same = Grant::ROLE.eq(Id::new(roles.id(self.role))).and(Grant::MODEL.eq(self.model));
        let same = Grant::query(session).filter(same).first().await?;
        Ok(same.map(|it| it.id().get()))
    }

    async fn create(session: &Session, list: &[&Self], roles: &Roles) -> Result<Vec<i64>> {
        let row = |it: &&Self| {
            let role = Grant::ROLE.set(Id::new(roles.id(it.role)));
            let subject = [role, Grant::MODEL.set(it.model)];
            subject.into_iter().chain(verbs(it.verbs)).collect()
        };
        let ids = Grant::create_many(session, list.iter().map(row).collect()).await?;
        Ok(ids.into_iter().map(Id::get).collect())
    }

    async fn content_of(session: &Session, id: i64, roles: &Roles) -> Result<Option<String>> {
        let grant = Grant::query(session).filter(Grant::ID.eq(id)).first().await?;
        Ok(grant.map(|it| {
            let role = roles.names(&[it.role.id().get()]).join("");
            let flags = [it.can_create, it.can_read, it.can_update, it.can_delete];
            content(&role, &it.model, Verbs::where_so(|verb| flags[verb as usize]))
        }))
    }

    async fn change(&self, session: &Session, id: i64, _: &Roles) -> Result<()> {
        Grant::update(session, id, Vec::from(verbs(self.verbs))).await?;
        Ok(())
    }

    async fn give_up(session: &Session, id: i64) -> Result<()> {
        Grant::update(session, id, Vec::from(verbs(Verbs::NONE))).await?;
        Ok(())
    }
}

fn verbs(of: Verbs) -> [Change<Grant>; 4] {
    [
        Grant::CAN_CREATE.set(of.has(Verb::Create)),
        Grant::CAN_READ.set(of.has(Verb::Read)),
        Grant::CAN_UPDATE.set(of.has(Verb::Update)),
        Grant::CAN_DELETE.set(of.has(Verb::Delete)),
    ]
}

fn content(role: &str, model: &str, verbs: Verbs) -> String {
    format!("{role}\n{model}\n{verbs}")
}
