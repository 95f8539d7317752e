//! The directory that a run has to itself: a cluster, and the program started in it.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Result, server_process::ServerProcess};

/// Signs everything: the opponent verifies with what is derived from it.
pub(crate) const SECRET: &str = "a secret of the benchmark, which guards nothing at all";
/// Of every user of the benchmark.
pub(crate) const PASSWORD: &str = "a password of the benchmark";
/// Connections to PostgreSQL, on both sides.
pub(crate) const CONNECTIONS: usize = 8;

/// How long a stopped program's cluster may take to be stopped too.
const STOP_MAX: Duration = Duration::from_secs(20);

/// A directory that is deleted in the end.
pub(crate) struct Home(PathBuf);

impl Home {
    /// A directory that nobody else uses, for one part of a run.
    pub(crate) fn fresh(part: &str) -> Result<Self> {
        let name = format!("bench_{}_{part}", process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// The managed cluster's directory.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.0.join(".data/pg")
    }

    /// Starts the program for the first time, which makes the cluster and the tables, and stops
    /// it, so that the next start finds them.
    pub(crate) fn prepare(&self) -> Result<()> {
        self.serve()?.stop()?;
        let began = Instant::now();
        while self.cluster().join("data/postmaster.pid").exists() {
            if began.elapsed() > STOP_MAX {
                return Err("the cluster did not stop after its last user".into());
            }
            thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Starts the program as in production and waits until it is ready.
    pub(crate) fn serve(&self) -> Result<ServerProcess> {
        self.serve_program(Path::new(env!("CARGO_BIN_EXE_artel")), "ours.log")
    }

    /// The same with the rights of `rights.rs`, which are a part of this executable.
    pub(crate) fn serve_with_rights(&self) -> Result<ServerProcess> {
        self.serve_program(&env::current_exe()?, "with_rights.log")
    }

    /// Starts the program with some settings, and with as many files open as the machine allows.
    pub(crate) fn serve_many(&self, log: &str, settings: &[(&str, &str)]) -> Result<ServerProcess> {
        let mut command = with_many_files(Path::new(env!("CARGO_BIN_EXE_artel")));
        command.args(["serve", "--migrate", "--listen", "127.0.0.1:0"]);
        self.settle(&mut command).stderr(self.log(log)?).envs(settings.iter().copied());
        ServerProcess::start(command)
    }

    fn serve_program(&self, program: &Path, log: &str) -> Result<ServerProcess> {
        let mut command = Command::new(program);
        command.args(["serve", "--migrate", "--listen", "127.0.0.1:0"]);
        self.settle(&mut command).stderr(self.log(log)?);
        ServerProcess::start(command)
    }

    /// Gives a program the directory and the settings of the run.
    pub(crate) fn settle<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .current_dir(&self.0)
            .env("ARTEL_MODE", "production")
            .env("ARTEL_AUTH__SECRET", SECRET)
            .env("ARTEL_AUTH__ADMIN_PASSWORD", PASSWORD)
            .env("ARTEL_AUTH__ACCESS_TTL_S", "86400")
            .env("ARTEL_POOL__SIZE", CONNECTIONS.to_string())
            .env("ARTEL_HTTP__DRAIN_S", "0")
            .env_remove("DATABASE_URL")
    }

    /// Writes a file for a process of the run.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::write(&path, text)?;
        Ok(path)
    }

    /// Where a process of the run may complain.
    pub(crate) fn log(&self, name: &str) -> Result<Stdio> {
        Ok(File::create(self.0.join(name))?.into())
    }
}

/// A program that may have as many files open as the machine allows whoever starts it.
pub(crate) fn with_many_files(program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -n "$(ulimit -H -n)" && exec "$0" "$@""#]).arg(program);
    command
}

impl Drop for Home {
    fn drop(&mut self) {
        // What cannot be deleted is in the target directory, which is no loss.
        let _ = fs::remove_dir_all(&self.0);
    }
}
