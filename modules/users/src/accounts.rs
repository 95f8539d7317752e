//! Users as signing in sees them.

use artel_core::{
    Error, Result, Session,
    auth::{Account, Accounts, NewAccount, ProfileChanges, Rescue, password},
    settings::{ExposeSecret, SecretString},
};
use futures_util::future::BoxFuture;
use orm::{Changes, Model, Record, Secret, Selection, Violation};

use crate::{User, UserLanguage};

/// Puts a hash in the place of another one. Not a change set, which would hash the hash.
const REPLACE_HASH: &str = "
update users
set password = $3, version = version + 1, updated_at = now(), updated_by_id = $1::bigint
where id = $1::bigint and password = $2
returning id::text";

/// The users of the table `users`.
#[derive(Debug, Clone, Copy)]
pub struct UserAccounts;

impl Accounts for UserAccounts {
    fn by_login<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
    ) -> BoxFuture<'a, Result<Option<Account>>> {
        Box::pin(async move { Ok(find(session, login).await?.map(|it| account(&it))) })
    }

    fn create<'a>(&'a self, session: &'a Session, new: NewAccount) -> BoxFuture<'a, Result<i64>> {
        Box::pin(async move {
            let mut changes: Changes<User> =
                [User::NAME.set(new.name), User::IS_ADMIN.set(new.is_admin)].into();
            if let Some(password) = &new.password {
                check_password(password, &new.login)?;
                changes = changes.with(User::PASSWORD.set(password.expose_secret()));
            }
            let changes = changes.with(User::LOGIN.set(new.login));
            Ok(User::create(session, changes).await?.id().get())
        })
    }

    fn set_password<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
        password: SecretString,
    ) -> BoxFuture<'a, Result<i64>> {
        Box::pin(async move {
            let user = find(session, login).await?.ok_or_else(Error::not_found)?;
            check_password(&password, login)?;
            let password = User::PASSWORD.set(password.expose_secret());
            Ok(User::update(session, user.id(), [password]).await?.id().get())
        })
    }

    fn list<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<Account>>> {
        Box::pin(async move {
            let users = User::query(session).order(User::LOGIN).all().await?;
            Ok(users.iter().map(account).collect())
        })
    }

    fn is_current<'a>(
        &'a self,
        session: &'a Session,
        known: &'a Account,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let user =
                User::query(session).filter(User::ID.eq(known.id)).for_update().first().await?;
            let hash = known.password_hash.as_ref().map(ExposeSecret::expose_secret);
            let is_same = |it: &Record<User>| it.password.as_ref().map(Secret::expose) == hash;
            Ok(user.is_some_and(|it| it.active && is_same(&it)))
        })
    }

    fn replace_hash<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let (old, new) = (old.expose_secret(), new.expose_secret());
            let id = id.to_string();
            let replaced = session.sql(REPLACE_HASH, &[&id, old, new]).await?;
            Ok(!replaced.is_empty())
        })
    }

    fn change_profile<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        changes: ProfileChanges,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let ProfileChanges { name, email, language } = changes;
            let language = language.map(|it| UserLanguage::of(&it).ok_or_else(no_language));
            let changes = [
                name.map(|it| User::NAME.set(it)),
                email.map(|it| User::EMAIL.set(it)),
                language.transpose()?.map(|it| User::LANGUAGE.set(it)),
            ];
            let changes: Changes<User> = changes.into_iter().flatten().collect();
            User::update(session, id, changes).await?;
            Ok(())
        })
    }

    fn rescue<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
        how: Rescue,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let user = find(session, login).await?.ok_or_else(Error::not_found)?;
            let change = match how {
                Rescue::Unblock => User::ACTIVE.set(true),
                Rescue::Promote => User::IS_ADMIN.set(true),
            };
            User::update(session, user.id(), [change]).await?;
            Ok(())
        })
    }
}

async fn find(session: &Session, login: &str) -> Result<Option<Record<User>>> {
    Ok(User::query(session).filter(User::LOGIN.eq(login)).first().await?)
}

fn check_password(password: &SecretString, login: &str) -> Result<()> {
    let fault = password::fault(password.expose_secret(), Some(login), "/password");
    fault.map_or(Ok(()), |it| Err(Error::invalid(vec![it])))
}

fn no_language() -> Error {
    let choices = UserLanguage::DEF.choices.iter().map(|it| it.value).collect::<Vec<_>>();
    let fault = Violation::at_pointer("/language", "choice").with("choices", choices.join(", "));
    Error::invalid(vec![fault])
}

fn account(user: &Record<User>) -> Account {
    Account {
        id: user.id().get(),
        login: user.login.clone(),
        name: user.name.clone(),
        is_admin: user.is_admin,
        is_active: user.active,
        password_hash: user.password.as_ref().map(|it| it.expose().into()),
    }
}
