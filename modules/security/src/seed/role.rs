//! Roles that modules declare. What they imply is made when all of them have rows.

use std::collections::BTreeSet;

use artel_core::{Result, Session, access::SeedRole};
use orm::{Changes, Id, Model};
use users::Role;

use crate::seed::{Declared, Roles, linked};

impl Declared for SeedRole {
    const TABLE: &'static str = "roles";

    fn module(&self) -> &'static str {
        self.module
    }

    fn key(&self) -> String {
        self.name.to_owned()
    }

    fn content(&self) -> String {
        content(self.name, self.label, self.implies.iter().copied())
    }

    async fn find(&self, session: &Session, _: &Roles) -> Result<Option<i64>> {
        let same = Role::query(session).filter(Role::NAME.eq(self.name)).first().await?;
        Ok(same.map(|it| it.id().get()))
    }

    async fn create(session: &Session, list: &[&Self], _: &Roles) -> Result<Vec<i64>> {
        let row = |it: &&Self| -> Changes<Role> {
            [Role::NAME.set(it.name), Role::LABEL.set(it.label)].into()
        };
        let ids = Role::create_many(session, list.iter().map(row).collect()).await?;
        Ok(ids.into_iter().map(Id::get).collect())
    }

    async fn content_of(session: &Session, id: i64, _: &Roles) -> Result<Option<String>> {
        let Some(role) = Role::query(session).filter(Role::ID.eq(id)).first().await? else {
            return Ok(None);
        };
        let implied = linked::<Role>(session, "implies", id).await?;
        let implied = Role::query(session).filter(Role::ID.one_of(implied)).all().await?;
        // In the order of declarations, whatever the database takes for one.
        let names: BTreeSet<&str> = implied.iter().map(|it| it.name.as_str()).collect();
        Ok(Some(content(&role.name, &role.label, names.into_iter())))
    }

    async fn change(&self, session: &Session, id: i64, _: &Roles) -> Result<()> {
        // What it implies now may have no row yet.
        let row = [Role::LABEL.set(self.label), Role::IMPLIES.replace(&[])];
        Role::update(session, id, row).await?;
        Ok(())
    }

    /// A role gives nothing by itself.
    async fn give_up(_: &Session, _: i64) -> Result<()> {
        Ok(())
    }
}

/// Has roles that were written just now imply what is declared. What an administrator made of
/// the others stays.
pub(super) async fn imply(session: &Session, written: &[&SeedRole], roles: &Roles) -> Result<()> {
    for role in written.iter().filter(|it| !it.implies.is_empty()) {
        let implied = roles.ids(&role.implies);
        Role::update(session, roles.id(role.name), [Role::IMPLIES.replace(&implied)]).await?;
    }
    Ok(())
}

fn content<'a>(name: &str, label: &str, implies: impl Iterator<Item = &'a str>) -> String {
    format!("{name}\n{label}\n{}", implies.collect::<Vec<_>>().join(" "))
}
