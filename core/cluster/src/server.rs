//! The running server of a cluster: finding it, starting it, asking whether it answers.

mod launch;
mod pid_file;

use std::{
    fs,
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    time::Duration,
};

pub(crate) use crate::server::launch::launch;
use crate::{
    error::{ClusterError, Result},
    home::Home,
    server::pid_file::PidFile,
    wait,
};

/// How long a server that is there may take until it answers or is gone.
const SETTLE_MAX: Duration = Duration::from_secs(60);

/// A server that answers.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) socket_directory: PathBuf,
    pub(crate) port: u16,
}

impl Server {
    /// The server that runs on this cluster, if one does; clears up after one that was killed.
    pub(crate) fn find(home: &Home) -> Result<Option<Self>> {
        let settled = wait::until(SETTLE_MAX, || {
            let Some(pid_file) = PidFile::read(home) else { return Ok(Some(None)) };
            let server =
                Self { socket_directory: pid_file.socket_directory.clone(), port: pid_file.port };
            // First, because a server in another container answers although no process here
            // has its number.
            if pid_file.is_ready() && server.answers() {
                return Ok(Some(Some(server)));
            }
            if pid_file.is_alive(home) {
                return Ok(None);
            }
            remove_leftovers(home)?;
            Ok(Some(None))
        })?;
        settled.ok_or_else(|| {
            let process = PidFile::read(home).map_or("unknown".into(), |it| it.process.to_string());
            ClusterError::new(format!(
                "a server (process {process}) holds {} but does not answer; see {}\n\
                 end that process and start again",
                home.data().display(),
                home.path("log").display()
            ))
        })
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.socket_directory.join(format!(".s.PGSQL.{}", self.port))
    }

    /// Whether a session could begin: not only the system but the server itself reacts.
    fn answers(&self) -> bool {
        // Asks whether it speaks TLS: the shortest question of the protocol.
        const QUESTION: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
        let ask = || {
            let mut stream = UnixStream::connect(self.socket())?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(&QUESTION)?;
            stream.read_exact(&mut [0])
        };
        ask().is_ok()
    }
}

/// Removes what a killed server left. PostgreSQL would cope, but not where its process number
/// is a zombie's or somebody else's by now.
fn remove_leftovers(home: &Home) -> Result<()> {
    let remove = |path: &Path| match fs::remove_file(path) {
        Err(error) if path.exists() => Err(ClusterError::io("cannot remove", path, &error)),
        _ => Ok(()),
    };
    let sockets = home.socket_directory()?;
    for socket in fs::read_dir(sockets).into_iter().flatten().flatten() {
        remove(&socket.path())?;
    }
    remove(&home.data().join("postmaster.pid"))
}
