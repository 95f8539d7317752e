//! Who can sign in: what the framework asks of the module that keeps users.

use futures_util::future::BoxFuture;
use orm::Session;

use crate::{Result, access::Standing, settings::SecretString};

/// A user, as far as signing in is concerned.
#[derive(Debug, Clone)]
pub struct Account {
    /// Their record.
    pub id: i64,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether rights are of no concern to them.
    pub is_admin: bool,
    /// Whether they may sign in.
    pub is_active: bool,
    /// The hash of their password, if they have one.
    pub password_hash: Option<SecretString>,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What they will sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their password; without it they cannot sign in yet.
    pub password: Option<SecretString>,
    /// Whether rights are of no concern to them.
    pub is_admin: bool,
}

/// The users of an installation. Sessions given to it are those of the system.
pub trait Accounts: Send + Sync + 'static {
    /// The user with this login, active or not.
    fn by_login<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
    ) -> BoxFuture<'a, Result<Option<Account>>>;

    /// What decides about the rights of a user, active or not; `None` when there is none.
    fn standing<'a>(
        &'a self,
        session: &'a Session,
        user: i64,
    ) -> BoxFuture<'a, Result<Option<Standing>>>;

    /// Makes a user.
    ///
    /// # Errors
    /// Not unique when the login is taken, invalid when login or password cannot be one.
    fn create<'a>(&'a self, session: &'a Session, new: NewAccount) -> BoxFuture<'a, Result<i64>>;

    /// Gives a user another password.
    ///
    /// # Errors
    /// Missing when there is no such user, invalid when the password cannot be one.
    fn set_password<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
        password: SecretString,
    ) -> BoxFuture<'a, Result<()>>;

    /// Every user, by login.
    fn list<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<Account>>>;
}
