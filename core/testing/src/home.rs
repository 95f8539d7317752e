//! A program as its operator meets it: processes with a directory, an environment and signals.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::cluster::target;

/// What processes of a home write their logs to, one behind the other.
const LOG: &str = "stderr";

/// A directory of its own for a program, as of somebody who has just cloned the project; gone with
/// this.
pub struct Home {
    folder: PathBuf,
    program: PathBuf,
}

/// The program, serving; killed when this is dropped.
pub struct Serving {
    child: Child,
    /// Where it said it listens.
    pub address: SocketAddr,
}

impl Home {
    /// An empty directory for a program: in tests of its package `env!("CARGO_BIN_EXE_name")`.
    pub fn of(program: impl Into<PathBuf>) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = target().join("tmp").join(format!("home_{}_{count}", process::id()));
        fs::create_dir_all(&folder).expect("the target directory can be written to");
        Self { folder, program: program.into() }
    }

    /// A place in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        let text = fs::read_to_string(self.path(name));
        text.unwrap_or_else(|error| panic!("{name} cannot be read: {error}"))
    }

    /// What its processes have logged so far.
    pub fn log(&self) -> String {
        self.read(LOG)
    }

    /// The program in this directory, in development, with nothing else set.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(&self.program, arguments)
    }

    /// The same of another program.
    pub fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("ARTEL_MODE", "development")
            .stdin(Stdio::null());
        command
    }

    /// Starts serving on a free port, with a cluster of its own, and waits until it is ready.
    pub fn serve(&self) -> Serving {
        self.wait_until_ready(&mut self.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// The same on the database of an address, with settings of one's own.
    pub fn serve_on(&self, database_url: &str, settings: &[(&str, &str)]) -> Serving {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("DATABASE_URL", database_url).envs(settings.iter().copied());
        self.wait_until_ready(&mut command)
    }

    /// Starts what serves and waits until it says where.
    pub fn wait_until_ready(&self, command: &mut Command) -> Serving {
        let log = fs::File::options().create(true).append(true).open(self.path(LOG));
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log.expect("the directory can be written to"))
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} cannot be started: {error}"));
        let lines = BufReader::new(child.stdout.take().expect("it was asked for")).lines();
        let mut lines = lines.map_while(Result::ok);
        let api = lines.find_map(|it| it.trim().strip_prefix("API").map(str::to_owned));
        let Some(api) = api else {
            let status = child.wait().expect("nobody else waits for it");
            panic!("it ended: {status}\n{}", self.log());
        };
        let address = api.trim().trim_start_matches("http://").trim_end_matches("/api/v1");
        let address = address.parse().expect("it says an address and a port");
        Serving { child, address }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What a watchdog still writes there is of no use to anyone.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Serving {
    /// Sends a signal: `STOP` has it stand still until `CONT`.
    pub fn send(&self, signal: &str) {
        send_signal(signal, self.child.id());
    }

    /// Sends a signal, waits for the end, gives the exit code, if it has one.
    pub fn end(&mut self, signal: &str) -> Option<i32> {
        self.send(signal);
        self.child.wait().expect("nobody else waits for it").code()
    }

    /// Whether it runs still.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|it| it.is_none())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process.
pub fn send_signal(signal: &str, process: u32) {
    let sent = Command::new("kill").args([format!("-{signal}"), process.to_string()]).status();
    assert!(sent.is_ok_and(|it| it.success()), "process {process} can be sent {signal}");
}
