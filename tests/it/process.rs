//! The program as its operator meets it: a process with a directory, an environment and signals.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use artel_testing::TestDb;

/// A directory of its own, as of somebody who has just cloned the project.
pub(crate) struct Home(PathBuf);

/// The program, serving.
pub(crate) struct Serving {
    child: Child,
    /// Where it said it listens.
    pub(crate) address: SocketAddr,
}

impl Home {
    /// An empty directory.
    pub(crate) fn fresh() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("home_{}_{count}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The program in this directory, in development, with nothing else set.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_artel")), arguments)
    }

    /// The same of an example; `cargo test` builds them, `cargo test --test it` does not.
    pub(crate) fn example(&self, name: &str, arguments: &[&str]) -> Command {
        let test = env::current_exe().unwrap();
        let program = test.ancestors().nth(2).unwrap().join("examples").join(name);
        assert!(program.exists(), "{name} is not built: run `cargo build --examples` first");
        self.command_of(&program, arguments)
    }

    fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .env("PATH", env!("PATH"))
            .env("ARTEL_MODE", "development")
            .stdin(Stdio::null());
        command
    }

    /// Starts serving on a free port, with a cluster of its own, and waits until it is ready.
    pub(crate) fn serve(&self) -> Serving {
        self.wait_until_ready(&mut self.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// The same on a database of somebody else, with settings of one's own.
    pub(crate) fn serve_with(&self, database: &TestDb, settings: &[(&str, &str)]) -> Serving {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("DATABASE_URL", database.url()).envs(settings.iter().copied());
        self.wait_until_ready(&mut command)
    }

    /// Starts what serves and waits until it says where.
    pub(crate) fn wait_until_ready(&self, command: &mut Command) -> Serving {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(fs::File::create(self.path("stderr")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let api = lines.find_map(|it| it.unwrap().trim().strip_prefix("API").map(str::to_owned));
        let Some(api) = api else {
            let output = child.wait_with_output().unwrap();
            panic!("it ended: {}\n{}", output.status, self.read("stderr"));
        };
        let address = api.trim().trim_start_matches("http://").trim_end_matches("/api/v1");
        Serving { child, address: address.parse().unwrap() }
    }

    /// The text of a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // What a watchdog still writes there is of no use to anyone.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Serving {
    /// Sends a signal.
    pub(crate) fn send(&self, signal: &str) {
        send(signal, self.child.id());
    }

    /// Sends a signal, waits for the end, gives the exit code.
    pub(crate) fn end(&mut self, signal: &str) -> Option<i32> {
        self.send(signal);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process.
pub(crate) fn send(signal: &str, process: u32) {
    let sent = Command::new("kill").args([format!("-{signal}"), process.to_string()]).status();
    assert!(sent.unwrap().success());
}

/// The exit code and what was written to standard error.
pub(crate) fn failure(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
