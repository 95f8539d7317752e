//! A managed cluster, as its user sees it.

use std::{
    fmt::Write,
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use crate::{
    error::{ClusterError, Result},
    home::Home,
    initialize::{existing_major, initialize},
    programs::Search,
    server::{self, Server},
    watchdog::Presence,
};

/// What is asked of a cluster.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it is kept; made if missing. One directory is one cluster.
    pub dir: PathBuf,
    /// What a power cut may cost.
    pub durability: Durability,
    /// The folder of `initdb` and `postgres` (`ARTEL_PG_BIN`); looked for if not named.
    pub programs: Option<PathBuf>,
    /// Told what takes long, and what is not where one would expect it.
    pub notice: fn(&str),
}

/// What a power cut may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing that was committed.
    Durable,
    /// The whole cluster: nothing waits for the disk. For tests.
    Throwaway,
}

/// A server that runs at least as long as this lives.
///
/// It is shared with every other process that started a cluster in the same directory. When
/// the last of them has dropped its `Cluster` or is dead, a watchdog stops the server; the next
/// start waits for that.
#[derive(Debug)]
pub struct Cluster {
    home: Home,
    server: Server,
    major: u32,
    is_adopted: bool,
    _presence: Presence,
}

impl Cluster {
    /// Starts the server, or joins those who use it already.
    ///
    /// It blocks, for less than a second as a rule: a tenth of one where the cluster exists,
    /// minutes where PostgreSQL is fetched first.
    pub fn start(options: &Options) -> Result<Self> {
        Self::start_with(options, &Search::everywhere(options.programs.clone()))
    }

    fn start_with(options: &Options, search: &Search) -> Result<Self> {
        let home = Home::open(&options.dir, options.notice)?;
        let turn = home.lock("start.lock")?;
        let presence = Presence::join(&home)?;
        let existing = existing_major(&home)?;
        if let (Some(major), Some(server)) = (existing, Server::find(&home)?) {
            check_durability(&home, options.durability)?;
            return Ok(Self { home, server, major, is_adopted: true, _presence: presence });
        }

        let programs = search.find(&home, &turn, existing)?;
        if existing.is_none() {
            let (major, base) = (programs.major, home.base().display());
            home.notice(&format!("making a PostgreSQL {major} cluster in {base}"));
            initialize(&home, &programs, options.durability, &turn)?;
        }
        let server = server::launch(&home, &programs, options.durability)?;
        let major = programs.major;
        Ok(Self { home, server, major, is_adopted: false, _presence: presence })
    }

    /// The address of a database, for `tokio_postgres` and for `psql`.
    pub fn url(&self, database: &str) -> String {
        // No host in front: to `tokio_postgres` that would be one more to try, and the first.
        let mut url = String::from("postgresql://postgres@/");
        encode(&mut url, database.as_bytes(), b"");
        url.push_str("?host=");
        encode(&mut url, self.server.socket_directory.as_os_str().as_bytes(), b"/");
        let _ = write!(url, "&port={}", self.server.port);
        url
    }

    /// The major version of PostgreSQL.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// Whether the server ran already.
    pub fn is_adopted(&self) -> bool {
        self.is_adopted
    }

    /// Where the cluster is kept, which may not be where it was asked to be.
    pub fn directory(&self) -> &Path {
        self.home.base()
    }

    /// Where the server's socket is.
    pub fn socket_directory(&self) -> &Path {
        &self.server.socket_directory
    }

    /// The server's socket itself, for what carries bytes and speaks no SQL.
    pub fn socket(&self) -> PathBuf {
        self.server.socket()
    }
}

/// Refuses a server that would lose what it is trusted with.
fn check_durability(home: &Home, wanted: Durability) -> Result<()> {
    let started_with = fs::read_to_string(home.data().join("postmaster.opts")).unwrap_or_default();
    if wanted == Durability::Throwaway || !started_with.contains("fsync=off") {
        return Ok(());
    }
    Err(ClusterError::new(format!(
        "the server in {} runs for tests and would not survive a power cut\n\
         wait until the tests have ended, or choose another directory",
        home.base().display()
    )))
}

/// Appends `bytes`, each that is neither unreserved nor in `kept` as `%` and two digits.
fn encode(url: &mut String, bytes: &[u8], kept: &[u8]) {
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_percent_encoded() {
        check("artel_test-1.x~", b"", "artel_test-1.x~");
        check("/srv/a b/ä?&", b"/", "/srv/a%20b/%C3%A4%3F%26");
        check("a/b", b"", "a%2Fb");
    }

    #[track_caller]
    fn check(text: &str, kept: &[u8], expected: &str) {
        let mut actual = String::new();
        encode(&mut actual, text.as_bytes(), kept);
        assert_eq!(actual, expected);
    }
}
