//! A row for each role that a module declares, so that users can be given it.

use std::collections::HashMap;

use artel_core::{App, Error, Result, Session};
use orm::{Id, Model};
use users::Role;

pub(crate) async fn fill(session: &Session) -> Result<()> {
    let app = session.host::<App>().ok_or_else(|| Error::broken("a seed without environment"))?;
    let mut ids: HashMap<&str, Id<Role>> = HashMap::new();
    for role in app.rights.roles() {
        let row = [Role::NAME.set(role.name), Role::LABEL.set(role.label)];
        ids.insert(role.name, Role::seeded(session, role.module, role.name, row).await?);
    }
    for role in app.rights.roles().iter().filter(|it| !it.implies.is_empty()) {
        let implied: Vec<Id<Role>> = role.implies.iter().map(|it| ids[it]).collect();
        Role::update(session, ids[role.name], [Role::IMPLIES.add(&implied)]).await?;
    }
    Ok(())
}
