//! `postmaster.pid`, in which a server says who it is and how far it has come.

use std::{fs, os::unix::fs::MetadataExt, path::PathBuf};

use crate::home::Home;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub(crate) process: u32,
    pub(crate) port: u16,
    pub(crate) socket_directory: PathBuf,
    status: String,
}

impl PidFile {
    /// None if there is none, or if nobody had the time to write it.
    pub(crate) fn read(home: &Home) -> Option<Self> {
        let text = fs::read_to_string(home.data().join("postmaster.pid")).ok()?;
        Self::parse(&text)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        Some(Self {
            process: lines.next()?.trim().parse().ok()?,
            // Passed over: the directory and the time of the start.
            port: lines.nth(2).unwrap_or_default().trim().parse().unwrap_or_default(),
            socket_directory: lines.next().unwrap_or_default().into(),
            // Passed over: the TCP address and the key of the shared memory.
            status: lines.nth(2).unwrap_or_default().trim().into(),
        })
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.status == "ready"
    }

    /// Whether that process is this cluster's server: neither gone, nor a zombie, nor another
    /// one that was given the same number since.
    pub(crate) fn is_alive(&self, home: &Home) -> bool {
        let folder = PathBuf::from(format!("/proc/{}", self.process));
        if !PathBuf::from("/proc/self").exists() {
            return self.is_alive_by_ps(home);
        }
        let Ok(stat) = fs::read_to_string(folder.join("stat")) else { return false };
        // The name is in brackets and may contain any of them; the state follows the last.
        let Some((start, state)) = stat.rsplit_once(") ") else { return false };
        if state.starts_with(['Z', 'X']) {
            return false;
        }
        match (fs::metadata(folder.join("cwd")), fs::metadata(home.data())) {
            // A server works in its data directory, which tells it from all others.
            (Ok(works_in), Ok(data)) => {
                (works_in.dev(), works_in.ino()) == (data.dev(), data.ino())
            }
            // A container may keep even root from looking.
            _ => start.ends_with("(postgres"),
        }
    }

    fn is_alive_by_ps(&self, home: &Home) -> bool {
        let process = self.process.to_string();
        let output =
            home.own_command("ps").args(["-o", "stat=", "-o", "comm=", "-p", &process]).output();
        output.is_ok_and(|it| {
            let line = String::from_utf8_lossy(&it.stdout);
            line.contains("postgres") && !line.trim_start().starts_with('Z')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_file_says_where_the_server_listens() {
        check(
            "41\n/srv/data\n1700000000\n5432\n/srv/socket\n\n  163901 32\nready   \n",
            Some((41, 5432, "/srv/socket", true)),
        );
    }

    #[test]
    fn a_file_still_being_written_is_not_ready() {
        check("41\n/srv/data\n1700000000\n5432\n", Some((41, 5432, "", false)));
        check(
            "41\n/srv/data\n1700000000\n5432\n/s\n\n1 2\nstarting\n",
            Some((41, 5432, "/s", false)),
        );
    }

    #[test]
    fn an_empty_file_says_nothing() {
        check("", None);
    }

    #[track_caller]
    fn check(text: &str, expected: Option<(u32, u16, &str, bool)>) {
        let actual = PidFile::parse(text);
        let actual = actual
            .as_ref()
            .map(|it| (it.process, it.port, it.socket_directory.to_str().unwrap(), it.is_ready()));
        assert_eq!(actual, expected);
    }
}
