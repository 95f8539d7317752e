//! Asking whoever runs a command for a password.

use std::io::{self, BufRead, IsTerminal};

use console::Term;

use crate::{
    cli::{failure::Failure, output::complain},
    settings::SecretString,
};

/// The password of `login`: the first line of the input. On a terminal it is asked for, and not
/// shown while it is typed.
///
/// A password never stands on the command line, where every user of the machine could read it.
///
/// # Errors
/// When the input has none or cannot be read.
pub fn read_password(login: &str) -> Result<SecretString, Failure> {
    let unreadable = |error| Failure::new(format!("cannot read the password: {error}"));
    let line = match io::stdin().is_terminal() {
        true => ask(login).map_err(unreadable)?,
        false => first_line().map_err(unreadable)?,
    };
    match line.trim_end_matches(['\n', '\r']) {
        "" => Err(Failure::new("no password came; write it into the input")),
        password => Ok(password.into()),
    }
}

fn ask(login: &str) -> io::Result<String> {
    let terminal = Term::stderr();
    if terminal.is_term() {
        terminal.write_str(&format!("password for {login}: "))?;
        return terminal.read_secure_line();
    }
    complain(&format!("password for {login} (it is shown while you type):"));
    first_line()
}

fn first_line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}
