//! `artel chat` in a terminal or a pipe: a client of the protocol, as any other program could be one.
//!
//! It speaks HTTP and the socket with a server, and knows no database. `docs/CHAT-PROTOCOL.md` is what
//! it follows.
//!
//! **Invariant:** what was typed is acknowledged before the end, or said to be refused; an event is
//! printed once, however often the connection is lost.

mod server;

mod account;

mod names;
mod page;
mod places;
mod typed;
mod unsent;

mod deeds;
mod talk;

use std::{
    env,
    io::{self, BufRead},
    process::ExitCode,
    thread,
};

use artel_core::{
    cli::{Failure, read_password},
    settings::SecretString,
};
use clap::Args;
use tokio::sync::mpsc;

use crate::terminal::{
    account::Account,
    server::{Server, Trouble},
    talk::Talk,
};

/// Lines that have been typed and wait.
const LINES_MAX: usize = 64;

/// With whom to talk, and as whom.
#[derive(Args)]
pub(crate) struct TerminalArguments {
    /// Where the server is.
    #[arg(long, default_value = "http://127.0.0.1:8000")]
    url: String,
    /// Who signs in.
    #[arg(long, required = true)]
    user: Option<String>,
    /// The chat that lines are for, from the beginning.
    #[arg(long)]
    chat: Option<i64>,
}

/// Signs in, and talks until the input ends.
pub(crate) async fn run(arguments: TerminalArguments) -> Result<ExitCode, Failure> {
    let TerminalArguments { url, user, chat } = arguments;
    let server = Server::at(&url)?;
    let login = user.unwrap_or_default();
    let password = match env::var_os("ARTEL_CHAT_PASSWORD").and_then(|it| it.into_string().ok()) {
        Some(password) => SecretString::from(password),
        None => read_password(&login)?,
    };
    let account = Account::sign_in(server, login, password).await.map_err(|it| match it {
        Trouble::Away(why) => Failure::new(format!("{url} cannot be reached: {why}")),
        Trouble::Refused(it) => Failure::new(it.message),
    })?;
    Talk::new(account, read_lines(), chat).run().await
}

/// The lines of the input, to its end. The thread ends with the program: nobody can end a read.
fn read_lines() -> mpsc::Receiver<String> {
    let (lines, typed) = mpsc::channel(LINES_MAX);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    typed
}
