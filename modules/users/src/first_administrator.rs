//! The administrator that a fresh installation begins with.
//!
//! **Invariant:** where there is an administrator, nothing is changed: a setting that changes
//! later is only talked about.

use std::{
    fs::{OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use artel_core::{
    Error, Result, Session, Settings,
    auth::{
        Accounts, NewAccount,
        password::{self, Verdict},
    },
    settings::{ExposeSecret, SecretString},
};
use orm::Model;

use crate::{User, UserAccounts};

/// The file in the data directory that a generated password is kept in.
const PASSWORD_FILE: &str = "admin_password";

/// Makes the first administrator, unless there is one.
pub(crate) async fn ensure(session: &Session, settings: &Settings) -> Result<()> {
    if User::query(session).filter(User::IS_ADMIN.eq(true)).exists().await? {
        return mention_unused_password(session, settings).await;
    }
    let login = settings.auth.admin_login.clone();
    let password = match &settings.auth.admin_password {
        Some(password) => accepted(password, &login)?,
        None => generate(&settings.data_dir)?,
    };
    let name = "Administrator".to_owned();
    let new = NewAccount { name, password: Some(password), is_admin: true, login: login.clone() };
    UserAccounts.create(session, new).await?;
    tracing::info!(login, "the first administrator was made");
    Ok(())
}

/// The password of the settings, unless it is one of those that anybody tries first.
fn accepted(password: &SecretString, login: &str) -> Result<SecretString> {
    match password::fault(password.expose_secret(), Some(login), "") {
        None => Ok(password.clone()),
        Some(fault) => Err(Error::broken(format!(
            "ARTEL_AUTH__ADMIN_PASSWORD cannot be a password ({}); set one of at least 8 \
             characters that is neither the login nor common",
            fault.code
        ))),
    }
}

/// A password for the operator to find: in a file that nobody else may read, never in the log.
fn generate(data_dir: &Path) -> Result<SecretString> {
    let password = password::generate();
    let path = data_dir.join(PASSWORD_FILE);
    keep(&path, &password).map_err(|error| {
        let path = path.display();
        Error::broken(format!(
            "the password of the first administrator cannot be kept in {path}: {error}; \
             set ARTEL_AUTH__ADMIN_PASSWORD or make the directory writable"
        ))
    })?;
    let path = path.display();
    tracing::info!(%path, "the password of the first administrator is in this file");
    Ok(password)
}

fn keep(path: &Path, password: &SecretString) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // One that was there before may have been open to others.
    file.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(file, "{}", password.expose_secret())
}

async fn mention_unused_password(session: &Session, settings: &Settings) -> Result<()> {
    let auth = &settings.auth;
    let Some(wanted) = &auth.admin_password else { return Ok(()) };
    let Some(account) = UserAccounts.by_login(session, &auth.admin_login).await? else {
        return Ok(());
    };
    let hash = account.password_hash.map(|it| it.expose_secret().to_owned());
    if password::verify(wanted.expose_secret().to_owned(), hash).await? == Verdict::Wrong {
        tracing::warn!(
            login = auth.admin_login,
            "ARTEL_AUTH__ADMIN_PASSWORD is for the first start only and is not used any more; \
             `artel user password` changes a password"
        );
    }
    Ok(())
}
