//! `artel user`: makes and lists users, sets passwords.

use std::{
    io::{self, BufRead, IsTerminal},
    process::ExitCode,
};

use clap::Subcommand;
use orm::Session;

use crate::{
    auth::{Accounts, NewAccount},
    cli::{
        Project,
        failure::Failure,
        output::{complain, print},
        serve::runtime,
    },
    environment::Opened,
    settings::{SchemaChange, SecretString},
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
    /// Gives a user another password: the first line of the input.
    #[command(after_help = "Examples:\n  artel user password admin\n  \
        artel user password admin < password.txt")]
    Password {
        /// Whose.
        login: String,
    },
    /// Lists every user.
    #[command(after_help = "Examples:\n  artel user list")]
    List,
}

pub(crate) fn run(project: &Project, command: UserCommand) -> Result<ExitCode, Failure> {
    let environment = project.quiet_environment(SchemaChange::ByMode)?;
    runtime()?.block_on(async {
        let opened = environment.open().await?;
        let said = carry_out(&opened, command).await;
        opened.stop().await;
        print(&said?);
        Ok(ExitCode::SUCCESS)
    })
}

async fn carry_out(opened: &Opened, command: UserCommand) -> Result<String, Failure> {
    let accounts = opened.app().accounts()?;
    let session = Session::system(opened.app().database()?, "artel user");
    let session = session.with_host(opened.app().clone());
    match command {
        UserCommand::Create { login, name, admin } => {
            let name = name.unwrap_or_else(|| login.clone());
            let password = Some(read_password(&login)?);
            let new = NewAccount { login: login.clone(), name, password, is_admin: admin };
            accounts.create(&session, new).await?;
            Ok(format!("{login} is made\n"))
        }
        UserCommand::Password { login } => {
            let password = read_password(&login)?;
            match accounts.set_password(&session, &login, password).await {
                Ok(()) => Ok(format!("{login} has a new password\n")),
                Err(error) if error.is_missing() => Err(Failure::new(format!(
                    "nobody signs in as `{login}`; `artel user list` shows everyone"
                ))),
                Err(error) => Err(error.into()),
            }
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

/// A password never stands on the command line, where every user of the machine could read it.
fn read_password(login: &str) -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        complain(&format!("password for {login} (it is shown while you type):"));
    }
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::new(format!("cannot read the password: {error}")))?;
    match line.trim_end_matches(['\n', '\r']) {
        "" => Err(Failure::new("no password came; write it into the input")),
        password => Ok(password.into()),
    }
}
