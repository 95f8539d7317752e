//! Starting the server of a cluster on which none runs.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus},
    time::Duration,
};

use crate::{
    cluster::Durability,
    error::{ClusterError, Result},
    home::{Home, PORT},
    programs::Programs,
    server::{Server, pid_file::PidFile},
    wait,
};

/// Recovery after a crash is part of a start.
const READY_MAX: Duration = Duration::from_secs(300);

/// How long the children of a killed server may hold its shared memory.
const RELEASE_MAX: Duration = Duration::from_secs(30);

const LOG_BYTES_MAX: u64 = 16 << 20;

/// Starts the server and waits until it answers.
pub(crate) fn launch(home: &Home, programs: &Programs, durability: Durability) -> Result<Server> {
    let sockets = home.socket_directory()?;
    let _mark = Mark::set(home)?;
    let started = wait::until(RELEASE_MAX, || {
        let log = Log::open(home)?;
        let mut command = home.command(&programs.postgres());
        configure(&mut command, home, &sockets, durability);
        let mut child = command
            .stdout(log.writer()?)
            .stderr(log.writer()?)
            .spawn()
            .map_err(|error| ClusterError::io("cannot run", &programs.postgres(), &error))?;
        let Some(status) = wait_until_ready(home, &mut child)? else {
            wait::reap(child);
            return Server::find(home);
        };
        let said = log.since_opened();
        if said.contains("still in use") {
            return Ok(None);
        }
        // Someone who was killed while starting the server had done so after all.
        match Server::find(home)? {
            Some(server) => Ok(Some(server)),
            None => Err(ended_at_once(home, status, &said)),
        }
    })?;
    started.ok_or_else(|| {
        ClusterError::new(format!(
            "processes of a server that was killed still hold the memory of {}; end them",
            home.data().display()
        ))
    })
}

fn configure(command: &mut Command, home: &Home, sockets: &Path, durability: Durability) {
    command.arg("-D").arg(home.data()).arg("-k").arg(sockets).arg("-p").arg(PORT.to_string());
    let mut set = |setting: &str| {
        command.args(["-c", setting]);
    };
    set("listen_addresses=");
    set("unix_socket_permissions=0700");
    set("max_connections=200");
    if durability == Durability::Throwaway {
        set("fsync=off");
        set("full_page_writes=off");
        set("synchronous_commit=off");
        set("wal_level=minimal");
        set("max_wal_senders=0");
    }
    // A Ctrl-C in the terminal is for the group in the foreground, which is no longer this one.
    command.process_group(0);
}

/// Nothing once the server is ready, or how it ended before.
fn wait_until_ready(home: &Home, child: &mut Child) -> Result<Option<ExitStatus>> {
    let process = child.id();
    let settled = wait::until(READY_MAX, || {
        let status = child
            .try_wait()
            .map_err(|error| ClusterError::new(format!("cannot wait for the server: {error}")))?;
        if status.is_some() {
            return Ok(Some(status));
        }
        let is_ready = PidFile::read(home).is_some_and(|it| it.process == process && it.is_ready());
        Ok(is_ready.then_some(None))
    })?;
    settled.ok_or_else(|| {
        ClusterError::new(format!(
            "the server (process {process}) is not ready after {} s; see {}",
            READY_MAX.as_secs(),
            home.path("log").display()
        ))
    })
}

fn ended_at_once(home: &Home, status: ExitStatus, said: &str) -> ClusterError {
    const LINES_MAX: usize = 20;
    let lines: Vec<&str> = said.lines().collect();
    let tail = lines[lines.len().saturating_sub(LINES_MAX)..].join("\n");
    ClusterError::new(format!(
        "the server of {} ended at once ({status}); its log ends with:\n{tail}",
        home.base().display()
    ))
}

/// The file `starting`: as long as it is there, a server may be about to come up that has not
/// yet said so. The watchdog then waits for it, should its starter be killed.
struct Mark<'a>(&'a Home);

impl<'a> Mark<'a> {
    fn set(home: &'a Home) -> Result<Self> {
        home.open_file("starting")?;
        Ok(Self(home))
    }
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        // Left behind, it only makes a watchdog look twice.
        let _ = fs::remove_file(self.0.path("starting"));
    }
}

/// What the server says from now on.
struct Log {
    file: File,
    begins: u64,
}

impl Log {
    fn open(home: &Home) -> Result<Self> {
        let path = home.path("log");
        if fs::metadata(&path).is_ok_and(|it| it.len() > LOG_BYTES_MAX) {
            // One older file is kept; failing to, the log only grows.
            let _ = fs::rename(&path, home.path("log.old"));
        }
        let file = home.open_file("log")?;
        let begins = file
            .metadata()
            .map_err(|error| ClusterError::io("cannot look at", &path, &error))?
            .len();
        Ok(Self { file, begins })
    }

    fn writer(&self) -> Result<File> {
        self.file.try_clone().map_err(|error| ClusterError::new(format!("cannot log: {error}")))
    }

    fn since_opened(mut self) -> String {
        let mut bytes = Vec::new();
        let read = self
            .file
            .seek(SeekFrom::Start(self.begins))
            .and_then(|_| self.file.read_to_end(&mut bytes));
        match read {
            Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => format!("(unreadable: {error})"),
        }
    }
}
