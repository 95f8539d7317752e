//! Somebody who can sign in.

use artel_core::auth::password;
use orm::{ChangeSet, Many2Many, Many2One, Model, Result, Secret, Selection, Session};

use crate::{Company, Role, people};

/// Somebody who can sign in.
#[derive(Debug, Model)]
#[model(table = "users", display = "name", order = "name", signal = "users", archivable)]
#[model(before = guard, after = check)]
pub struct User {
    /// As others see it.
    #[field(max = 200, search)]
    pub name: String,
    /// What they sign in with.
    #[field(max = 100, unique, read = "security.admin")]
    pub login: String,
    #[field(max = 254, label = "E-mail", read = "security.admin")]
    pub email: Option<String>,
    /// Write-only: a new one, of at least 8 characters, that not everybody uses.
    #[field(seal = password::hash)]
    pub password: Option<Secret>,
    /// Grants, rules and closed fields are of no concern to an administrator.
    #[field(default = false, label = "Administrator", read = "security.admin")]
    pub is_admin: bool,
    /// Only active users can sign in.
    #[field(default = true, read = "security.admin")]
    pub active: bool,
    #[field(read = "security.admin")]
    pub roles: Many2Many<Role>,
    /// The company they work for now.
    #[field(on_delete = "restrict", index, read = "security.admin")]
    pub company: Option<Many2One<Company>>,
    /// The companies they may work for.
    #[field(read = "security.admin")]
    pub companies: Many2Many<Company>,
    /// The language of texts for them, where a request does not say.
    #[field(default = UserLanguage::En, read = "security.admin")]
    pub language: UserLanguage,
}

/// The languages that texts come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
pub enum UserLanguage {
    #[selection(label = "English")]
    En,
    #[selection(label = "Русский")]
    Ru,
}

async fn guard(session: &Session, set: &ChangeSet<User>) -> Result<()> {
    people::may_touch(session, set).await
}

async fn check(session: &Session, set: &ChangeSet<User>) -> Result<()> {
    people::may_leave_so(session, set).await
}
