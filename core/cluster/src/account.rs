//! Whose processes the PostgreSQL programs are: they refuse to run as root.

use std::{
    env,
    ffi::OsString,
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, Stdio},
};

use crate::error::{ClusterError, Result};

/// A user of this machine, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

pub(crate) const ROOT: u32 = 0;

/// The user number of this process; the standard library does not tell it, `id` does.
pub(crate) fn own_uid() -> Result<u32> {
    let output = system_command(Path::new("id"))
        .arg("-u")
        .output()
        .map_err(|error| ClusterError::io("cannot run", Path::new("id"), &error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|_| ClusterError::new(format!("`id -u` printed {text:?} instead of a number")))
}

/// Whom root lends the programs to: `postgres`, else `nobody`.
pub(crate) fn substitute() -> Account {
    // A container may have no such file; the number is what `nobody` has nearly everywhere.
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    named(&passwd, "postgres")
        .or_else(|| named(&passwd, "nobody"))
        .unwrap_or(Account { uid: 65534, gid: 65534 })
}

/// The account of that name, if it is listed and is not another name of root.
fn named(passwd: &str, name: &str) -> Option<Account> {
    let line = passwd.lines().find(|it| it.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2);
    let account =
        Account { uid: numbers.next()?.parse().ok()?, gid: numbers.next()?.parse().ok()? };
    (account.uid != ROOT).then_some(account)
}

/// A program that gets nothing from this process: no settings, no input.
pub(crate) fn system_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", system_path())
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .stdin(Stdio::null());
    command
}

/// The same, as another account if one is given.
pub(crate) fn command_as(account: Option<Account>, program: &Path, folder: &Path) -> Command {
    let mut command = system_command(program);
    command.current_dir(folder);
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command
}

/// The system's own folders first, because root must not run what a user put in front of them.
fn system_path() -> OsString {
    let mut path = OsString::from("/usr/bin:/bin:/usr/sbin:/sbin");
    if let Some(own) = env::var_os("PATH") {
        path.push(":");
        path.push(own);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
                          postgresql:x:7:7::/:/bin/sh\n\
                          nobody:x:65534:65533:nobody:/:/bin/false\n\
                          admin:x:0:0::/:/bin/sh\n\
                          broken:x:\n";

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        check("nobody", Some(Account { uid: 65534, gid: 65533 }));
        check("postgres", None);
    }

    #[test]
    fn another_name_of_root_is_no_substitute() {
        check("admin", None);
    }

    #[test]
    fn a_broken_line_is_passed_over() {
        check("broken", None);
    }

    /// Looks `name` up in the list above.
    #[track_caller]
    fn check(name: &str, expected: Option<Account>) {
        assert_eq!(named(PASSWD, name), expected);
    }
}
