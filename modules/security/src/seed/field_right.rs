//! Fields that modules close where they declare them.

use artel_core::{Result, Session, access::SeedFieldRight};
use orm::{Changes, Id, Model};

use crate::{
    FieldRight,
    seed::{Declared, Roles, linked},
};

impl Declared for SeedFieldRight {
    const TABLE: &'static str = "field_rights";

    fn module(&self) -> &'static str {
        self.module
    }

    fn key(&self) -> String {
        let verb = if self.can_read { "read" } else { "write" };
        format!("field {}.{} {verb}", self.model, self.field)
    }

    fn content(&self) -> String {
        let roles: Vec<&str> = self.roles.iter().copied().collect();
        content((self.model, self.field), (self.can_read, self.can_write), &roles)
    }

    /// Rights of one field add up: another row is another right.
    async fn find(&self, _: &Session, _: &Roles) -> Result<Option<i64>> {
        Ok(None)
    }

    async fn create(session: &Session, list: &[&Self], roles: &Roles) -> Result<Vec<i64>> {
        let rows = list.iter().map(|it| row(it, roles)).collect();
        let ids = FieldRight::create_many(session, rows).await?;
        Ok(ids.into_iter().map(Id::get).collect())
    }

    async fn content_of(session: &Session, id: i64, roles: &Roles) -> Result<Option<String>> {
        let Some(it) = FieldRight::query(session).filter(FieldRight::ID.eq(id)).first().await?
        else {
            return Ok(None);
        };
        let of = linked::<FieldRight>(session, "roles", id).await?;
        let verbs = (it.can_read, it.can_write);
        Ok(Some(content((&it.model, &it.field), verbs, &roles.names(&of))))
    }

    async fn change(&self, session: &Session, id: i64, roles: &Roles) -> Result<()> {
        FieldRight::update(session, id, row(self, roles)).await?;
        Ok(())
    }

    /// What it closes, stays closed.
    async fn give_up(_: &Session, _: i64) -> Result<()> {
        Ok(())
    }
}

fn row(of: &SeedFieldRight, roles: &Roles) -> Changes<FieldRight> {
    Changes::from([
        FieldRight::MODEL.set(of.model),
        FieldRight::FIELD.set(of.field),
        FieldRight::CAN_READ.set(of.can_read),
        FieldRight::CAN_WRITE.set(of.can_write),
    ])
    .with(FieldRight::ROLES.replace(&roles.ids(&of.roles)))
}

fn content(
    (model, field): (&str, &str),
    (can_read, can_write): (bool, bool),
    roles: &[&str],
) -> String {
    format!("{model}\n{field}\n{can_read} {can_write}\n{}", roles.join(" "))
}
