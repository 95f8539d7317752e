//! `artel user`: makes and lists users, sets passwords, lets in whoever was locked out.

use std::process::ExitCode;

use clap::Subcommand;
use orm::{At, Session, Violation};

use crate::{
    Error, ErrorKind,
    auth::{Accounts, NewAccount, Rescue},
    cli::{Project, failure::Failure, output::print, password::read_password, serve::runtime},
    environment::Opened,
    i18n::Texts,
};

/// What to do with users.
#[derive(Subcommand)]
pub(crate) enum UserCommand {
    /// Makes a user; the password is the first line of the input.
    #[command(after_help = "Examples:
  artel user create ann --name 'Ann Lee'
  artel user create root --admin < password.txt")]
    Create {
        /// What they sign in with.
        login: String,
        /// Their name; without it, the login.
        #[arg(long)]
        name: Option<String>,
        /// Whether rights are of no concern to them.
        #[arg(long)]
        admin: bool,
    },
    /// Gives a user another password, the first line of the input, and ends their sign-ins.
    #[command(after_help = "Examples:\n  artel user password admin\n  \
        artel user password admin < password.txt")]
    Password {
        /// Whose.
        login: String,
    },
    /// Lets a blocked user sign in again.
    #[command(after_help = "Examples:\n  artel user unblock ann")]
    Unblock {
        /// Whom.
        login: String,
    },
    /// Makes a user an administrator: for when no administrator can sign in.
    #[command(after_help = "Examples:
  artel user promote ann
  artel user create rescue --admin < password.txt")]
    Promote {
        /// Whom.
        login: String,
    },
    /// Lists every user.
    #[command(after_help = "Examples:\n  artel user list")]
    List,
}

pub(crate) fn run(project: &Project, command: UserCommand) -> Result<ExitCode, Failure> {
    let work = project.opened(async |opened| carry_out(opened, command).await);
    print(&runtime()?.block_on(work)?);
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(opened: &Opened, command: UserCommand) -> Result<String, Failure> {
    let (accounts, texts) = (opened.app().accounts()?, &*opened.app().texts);
    let session = Session::system(opened.app().database()?, "artel user");
    let session = session.with_host(opened.app().clone());
    match command {
        UserCommand::Create { login, name, admin } => {
            let name = name.unwrap_or_else(|| login.clone());
            let password = Some(read_password(&login)?);
            let new = NewAccount { login: login.clone(), name, password, is_admin: admin };
            accounts.create(&session, new).await.map_err(|it| refusal(it, &login, texts))?;
            Ok(format!("{login} is made\n"))
        }
        UserCommand::Password { login } => {
            let password = read_password(&login)?;
            let user = accounts.set_password(&session, &login, password).await;
            let user = user.map_err(|it| refusal(it, &login, texts))?;
            // Whoever knew the old one, and signed in with it, is out too.
            opened.app().authenticator()?.end_logins_of(user, None).await?;
            Ok(format!("{login} has a new password and is signed out everywhere\n"))
        }
        UserCommand::Unblock { login } => {
            let done = accounts.rescue(&session, &login, Rescue::Unblock).await;
            done.map_err(|it| refusal(it, &login, texts))?;
            Ok(format!("{login} may sign in\n"))
        }
        UserCommand::Promote { login } => {
            let done = accounts.rescue(&session, &login, Rescue::Promote).await;
            done.map_err(|it| refusal(it, &login, texts))?;
            Ok(format!("{login} is an administrator\n"))
        }
        UserCommand::List => list(accounts, &session).await,
    }
}

async fn list(accounts: &dyn Accounts, session: &Session) -> Result<String, Failure> {
    let line = |login: &str, name: &str, what: &str| format!("{login:<24}{name:<32}{what}\n");
    let mut text = line("LOGIN", "NAME", "");
    for account in accounts.list(session).await? {
        let what = match (account.is_active, account.is_admin) {
            (false, _) => "blocked",
            (true, true) => "administrator",
            (true, false) => "",
        };
        text += &line(&account.login, &account.name, what);
    }
    Ok(text)
}

/// Why nothing was done for somebody, and the cure.
fn refusal(error: Error, login: &str, texts: &Texts) -> Failure {
    if error.is_missing() {
        return Failure::new(format!(
            "nobody signs in as `{login}`; `artel user list` shows everyone"
        ));
    }
    let ErrorKind::Data(refused) = error.kind() else { return error.into() };
    match refused.kind() {
        orm::ErrorKind::Invalid(faults) => {
            Failure::new(faults.iter().map(|it| sentence(it, texts)).collect::<Vec<_>>().join("\n"))
        }
        orm::ErrorKind::NotUnique { .. } => Failure::new(format!(
            "somebody signs in as `{login}` already; `artel user password` changes a password"
        )),
        _ => error.into(),
    }
}

/// A fault in words: `password must have at least 8 characters`.
fn sentence(fault: &Violation, texts: &Texts) -> String {
    let params: Vec<_> = fault.params.iter().map(|(name, it)| (*name, it.as_str())).collect();
    let what = texts.text("en", fault.code, &params).unwrap_or_else(|| fault.code.to_owned());
    let (At::Pointer(at) | At::Parameter(at)) = &fault.at;
    format!("{} {what}", at.trim_start_matches('/'))
}
