//! Users as signing in sees them.

use artel_core::{
    Error, Result, Session,
    auth::{Account, Accounts, NewAccount},
    settings::{ExposeSecret, SecretString},
};
use futures_util::future::BoxFuture;
use orm::{Changes, Model, Record};

use crate::User;

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
            let mut changes: Changes<User> = [
                User::LOGIN.set(new.login),
                User::NAME.set(new.name),
                User::IS_ADMIN.set(new.is_admin),
            ]
            .into();
            if let Some(password) = new.password {
                changes = changes.with(User::PASSWORD.set(password.expose_secret()));
            }
            Ok(User::create(session, changes).await?.id().get())
        })
    }

    fn set_password<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
        password: SecretString,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let user = find(session, login).await?.ok_or_else(Error::not_found)?;
            let password = User::PASSWORD.set(password.expose_secret());
            User::update(session, user.id(), [password]).await?;
            Ok(())
        })
    }

    fn list<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<Account>>> {
        Box::pin(async move {
            let users = User::query(session).order(User::LOGIN).all().await?;
            Ok(users.iter().map(account).collect())
        })
    }
}

async fn find(session: &Session, login: &str) -> Result<Option<Record<User>>> {
    Ok(User::query(session).filter(User::LOGIN.eq(login)).first().await?)
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
