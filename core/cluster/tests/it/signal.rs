//! Signals, and whether a process is there to get one.

use std::{fs, path::Path, process::Command};

/// Sends `name` to a process, or to a group if the number is negative.
#[track_caller]
pub(crate) fn send(name: &str, process: i64) {
    let sent = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$1\" -- \"$2\"", "kill", name, &process.to_string()])
        .status()
        .unwrap();
    assert!(sent.success(), "cannot send {name} to {process}");
}

/// Whether the process exists and is not a zombie.
pub(crate) fn is_running(process: u32) -> bool {
    let state = if Path::new("/proc/self").exists() {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").map(|(_, state)| state.to_owned()).unwrap_or_default()
    } else {
        let ps = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output();
        String::from_utf8(ps.unwrap().stdout).unwrap()
    };
    !state.is_empty() && !state.starts_with('Z')
}
