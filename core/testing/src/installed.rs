//! Finding a program that this machine has.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where programs are that are not in the path of everybody.
const USUAL: [&str; 6] = [
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/lib/chromium",
    "/opt/homebrew/bin",
];

/// The first program of this name that runs.
pub(crate) fn installed(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(USUAL.map(PathBuf::from));
    folders.map(|it| it.join(name)).find(|it| runs(it))
}

/// Whether a program can be started here.
pub(crate) fn runs(program: &Path) -> bool {
    let tried = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|it| it.success())
}
