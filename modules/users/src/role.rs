//! What a user may be; what that allows, rights say.

use std::collections::{BTreeMap, BTreeSet};

use orm::{ChangeSet, Error, Many2Many, Model, Result, Session, Value, Verb, Violation, engine};

/// What a user may be. Roles are declared by modules or made by administrators, and given to
/// users.
#[derive(Debug, Model)]
#[model(table = "roles", display = "label", order = "name", signal = "rights")]
#[model(before = guard, after = check)]
pub struct Role {
    /// As rights name it: `leads.user`.
    #[field(max = 100, unique)]
    pub name: String,
    #[field(max = 200)]
    pub label: String,
    /// The roles that come with it.
    #[field(ids = "implies_ids")]
    pub implies: Many2Many<Self>,
}

impl Role {
    /// Roles by what they imply, one step each.
    pub(crate) async fn steps(system: &Session) -> Result<BTreeMap<i64, Vec<i64>>> {
        let model = system.schema().of_def(Self::def());
        let field = model.field("implies").ok_or_else(|| Error::broken("roles imply nothing"))?;
        let roles = Self::query(system).all().await?;
        let ids: Vec<i64> = roles.iter().map(|it| it.id().get()).collect();
        let implied = engine::linked(system, model, field, &ids).await?;
        Ok(ids.into_iter().zip(implied).collect())
    }
}

/// All that comes with these roles, themselves included.
pub(crate) fn closure(steps: &BTreeMap<i64, Vec<i64>>, of: &[i64]) -> BTreeSet<i64> {
    let mut closure: BTreeSet<i64> = of.iter().copied().collect();
    let mut waiting = of.to_vec();
    while let Some(role) = waiting.pop() {
        let implied = steps.get(&role).into_iter().flatten();
        waiting.extend(implied.copied().filter(|it| closure.insert(*it)));
    }
    closure
}

/// Roles that a program brings stay, and keep the names that it knows them by.
async fn guard(session: &Session, set: &ChangeSet<Role>) -> Result<()> {
    let is_of_concern = set.verb() == Verb::Delete || set.names(Role::NAME);
    if session.is_system() || !is_of_concern {
        return Ok(());
    }
    let system = session.as_system("keep seeded roles");
    for seed in engine::seeds_of(&system, &["roles"]).await? {
        let Some(change) = set.of_id(seed.record_id) else { continue };
        let name = change.value(Role::NAME).and_then(Value::as_text);
        let stays = change.old()?.is_some_and(|it| name.is_none_or(|name| name == it.name));
        if set.verb() == Verb::Delete || !stays {
            return Err(Error::refused("seeded"));
        }
    }
    Ok(())
}

/// No role implies itself, over however many others.
async fn check(session: &Session, set: &ChangeSet<Role>) -> Result<()> {
    if set.verb() == Verb::Delete || session.is_system() {
        return Ok(());
    }
    let system = session.as_system("check roles");
    crate::rights_lock::take(&system).await?;
    let steps = Role::steps(&system).await?;
    let implies_itself = |it: &i64| {
        let implied = steps.get(it).map(Vec::as_slice).unwrap_or_default();
        closure(&steps, implied).contains(it)
    };
    match set.ids().iter().any(implies_itself) {
        true => Err(Error::invalid(vec![Violation::at_pointer("/implies_ids", "circle")])),
        false => Ok(()),
    }
}
