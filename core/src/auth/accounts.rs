//! Who can sign in: what the framework asks of the module that keeps users.

use futures_util::future::BoxFuture;
use orm::Session;

use crate::{Result, settings::SecretString};

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

/// What users may change about themselves. What is `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct ProfileChanges {
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address; `Some(None)` takes it away.
    pub email: Option<Option<String>>,
    /// The code of their language.
    pub language: Option<String>,
}

/// What an operator changes about a user to let them in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rescue {
    /// They may sign in again.
    Unblock,
    /// Rights are of no concern to them.
    Promote,
}

/// The users of an installation. Sessions given to it are those of the system.
pub trait Accounts: Send + Sync + 'static {
    /// The user with this login, active or not.
    fn by_login<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
    ) -> BoxFuture<'a, Result<Option<Account>>>;

    /// Makes a user.
    ///
    /// # Errors
    /// Not unique when the login is taken, invalid when login or password cannot be one.
    fn create<'a>(&'a self, session: &'a Session, new: NewAccount) -> BoxFuture<'a, Result<i64>>;

    /// Gives a user another password; their id.
    ///
    /// # Errors
    /// Missing when there is no such user, invalid when the password cannot be one.
    fn set_password<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
        password: SecretString,
    ) -> BoxFuture<'a, Result<i64>>;

    /// Every user, by login.
    fn list<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<Vec<Account>>>;

    /// Whether a user may still sign in with what was read of them; locks them until the
    /// transaction of the session ends.
    fn is_current<'a>(
        &'a self,
        session: &'a Session,
        account: &'a Account,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Puts a hash in the place of another one; gives whether that one was still there. The user
    /// is locked until the transaction of the session ends.
    fn replace_hash<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        old: &'a SecretString,
        new: &'a SecretString,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Changes what a user may change about themselves.
    ///
    /// # Errors
    /// Invalid when a value cannot be.
    fn change_profile<'a>(
        &'a self,
        session: &'a Session,
        id: i64,
        changes: ProfileChanges,
    ) -> BoxFuture<'a, Result<()>>;

    /// Lets a user in again.
    ///
    /// # Errors
    /// Missing when there is no such user.
    fn rescue<'a>(
        &'a self,
        session: &'a Session,
        login: &'a str,
        how: Rescue,
    ) -> BoxFuture<'a, Result<()>>;
}
