//! Who may do what to whom: how far looking after people goes.
//!
//! **Invariant:** nobody gives or takes what they have not themselves, and there is always an
//! administrator who can sign in.

use std::collections::BTreeSet;

use artel_core::access::EVERYONE;
use orm::{ChangeSet, Error, Model, Result, Session, Verb, Violation, engine};

use crate::{Role, User, rights_lock, role};

/// Whoever is no administrator leaves administrators alone, and everyone who may do something
/// that they may not.
///
/// # Errors
/// Denied.
pub(crate) async fn may_touch(session: &Session, set: &ChangeSet<User>) -> Result<()> {
    if set.names(User::IS_ADMIN) && !is_administrator(session).await? {
        return Err(Error::denied());
    }
    if set.verb() == Verb::Create {
        return Ok(());
    }
    // Measured by themselves they would pass with whatever they give themselves.
    let is_oneself = session.asker_id().is_some_and(|it| set.ids().contains(&it));
    if is_oneself && set.names(User::ROLES) && !is_administrator(session).await? {
        return Err(Error::denied());
    }
    stays_below(session, &set.ids()).await
}

/// The same for what has become of them; and whether an administrator is left who can sign in.
///
/// # Errors
/// Denied; invalid when the last administrator would be gone.
pub(crate) async fn may_leave_so(session: &Session, set: &ChangeSet<User>) -> Result<()> {
    if set.verb() != Verb::Delete {
        stays_below(session, &set.ids()).await?;
    }
    let may_lose_one = match set.verb() {
        Verb::Create | Verb::Read => false,
        Verb::Update => set.names(User::IS_ADMIN) || set.names(User::ACTIVE),
        Verb::Delete => true,
    };
    if may_lose_one { keep_an_administrator(session, set).await } else { Ok(()) }
}

async fn stays_below(session: &Session, users: &[i64]) -> Result<()> {
    // The system is nobody; whoever else asks is a user.
    let Some(asker) = session.asker_id().filter(|_| !session.is_system()) else { return Ok(()) };
    let system = session.as_system("judge who looks after whom");
    rights_lock::take(&system).await?;
    if is_administrator(session).await? {
        return Ok(());
    }
    let of = |id: i64| User::query(&system).filter(User::ID.eq(id)).first();
    let steps = Role::steps(&system).await?;
    let everyone = Role::query(&system).filter(Role::NAME.eq(EVERYONE)).first().await?;
    let closure = async |user: i64| -> Result<BTreeSet<i64>> {
        let mut roles = roles_of(&system, user).await?;
        roles.extend(everyone.as_ref().map(|it| it.id().get()));
        Ok(role::closure(&steps, &roles))
    };
    let own = closure(asker).await?;
    for user in users {
        let is_admin = of(*user).await?.is_some_and(|it| it.is_admin);
        if is_admin || !closure(*user).await?.is_subset(&own) {
            return Err(Error::denied());
        }
    }
    Ok(())
}

/// Whether grants are of no concern to whoever asks: the system, or an administrator.
async fn is_administrator(session: &Session) -> Result<bool> {
    let Some(asker) = session.asker_id().filter(|_| !session.is_system()) else { return Ok(true) };
    let system = session.as_system("judge who looks after whom");
    let asker = User::query(&system).filter(User::ID.eq(asker)).first().await?;
    Ok(asker.is_some_and(|it| it.is_admin))
}

async fn roles_of(system: &Session, user: i64) -> Result<Vec<i64>> {
    let model = system.schema().of_def(User::def());
    let field = model.field("roles").ok_or_else(|| Error::broken("users have no roles"))?;
    Ok(engine::linked(system, model, field, &[user]).await?.pop().unwrap_or_default())
}

async fn keep_an_administrator(session: &Session, set: &ChangeSet<User>) -> Result<()> {
    let system = session.as_system("keep an administrator");
    rights_lock::take(&system).await?;
    let can_sign_in = User::IS_ADMIN.eq(true).and(User::ACTIVE.eq(true));
    if User::query(&system).filter(can_sign_in).exists().await? {
        return Ok(());
    }
    let at = match (set.verb(), set.names(User::ACTIVE)) {
        (Verb::Delete, _) => "",
        (_, true) => "/active",
        (_, false) => "/is_admin",
    };
    Err(Error::invalid(vec![Violation::at_pointer(at, "last_administrator")]))
}
