//! Users as signing in sees them.

use artel_core::{
    Error, Result, Session,
    access::Standing,
    auth::{Account, Accounts, NewAccount},
    settings::{ExposeSecret, SecretString},
};
use futures_util::future::BoxFuture;
use orm::{Changes, Model, Record, engine};

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

    fn standing<'a>(
        &'a self,
        session: &'a Session,
        user: i64,
    ) -> BoxFuture<'a, Result<Option<Standing>>> {
        Box::pin(async move {
            let Some(found) = User::query(session).filter(User::ID.eq(user)).first().await? else {
                return Ok(None);
            };
            Ok(Some(Standing {
                user,
                is_admin: found.is_admin,
                is_active: found.active,
                company: found.company.map(|it| it.id().get()),
                companies: linked(session, user, "companies").await?,
                roles: linked(session, user, "roles").await?,
            }))
        })
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

/// The ids at the other end of a to-many field of a user.
async fn linked(session: &Session, user: i64, field: &str) -> Result<Vec<i64>> {
    let model = session.schema().of_def(User::def());
    let unknown = || Error::broken(format!("users have no {field}"));
    let field = model.field(field).ok_or_else(unknown)?;
    Ok(engine::linked(session, model, field, &[user]).await?.pop().unwrap_or_default())
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
