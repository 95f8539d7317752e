//! Making an empty cluster.
//!
//! **Invariant:** `data` is there whole or not at all: it is made under another name.

use std::{
    fs::{self, File},
    process::Stdio,
};

use crate::{
    cluster::Durability,
    error::{ClusterError, Result},
    home::Home,
    programs::Programs,
};

const UNFINISHED: &str = "data.new";

/// The major version of the cluster that is there, if one is.
pub(crate) fn existing_major(home: &Home) -> Result<Option<u32>> {
    let data = home.data();
    if !data.exists() {
        return Ok(None);
    }
    let version = data.join("PG_VERSION");
    let text = fs::read_to_string(&version)
        .map_err(|error| ClusterError::io("this is no cluster, cannot read", &version, &error))?;
    text.trim().parse().map(Some).map_err(|_| {
        ClusterError::new(format!(
            "{} does not contain a version but {text:?}; move {} away to begin with an empty one",
            version.display(),
            data.display()
        ))
    })
}

/// Makes the cluster; to be called by whoever holds `turn`, the lock on `start.lock`.
pub(crate) fn initialize(
    home: &Home,
    programs: &Programs,
    durability: Durability,
    turn: &File,
) -> Result<()> {
    let unfinished = home.path(UNFINISHED);
    let mut reasons = String::new();
    for locale in locales(programs.major) {
        // Left by an interrupted start, or by the attempt before.
        let _ = fs::remove_dir_all(&unfinished);
        home.create_for_programs(&unfinished)?;
        let mut command = home.command(&programs.initdb());
        command.args(["--username=postgres", "--auth=trust", "--encoding=UTF8"]).args(locale);
        if durability == Durability::Throwaway {
            command.arg("--no-sync");
        }
        // Should this process be killed, `initdb` goes on for a moment and keeps the lock:
        // the next start waits for its end before it clears up.
        let lock = turn.try_clone().map(Stdio::from);
        let lock = lock.map_err(|error| ClusterError::io("cannot open", home.base(), &error))?;
        let output = command
            .arg("--pgdata")
            .arg(&unfinished)
            .stdin(lock)
            .output()
            .map_err(|error| ClusterError::io("cannot run", &programs.initdb(), &error))?;
        if output.status.success() {
            return finish(home);
        }
        reasons = String::from_utf8_lossy(&output.stderr).trim().into();
        if !reasons.contains("locale") {
            break;
        }
    }
    let _ = fs::remove_dir_all(&unfinished);
    Err(ClusterError::new(format!(
        "{} could not make a cluster in {}:\n{reasons}",
        programs.initdb().display(),
        home.base().display()
    )))
}

/// Ways to sort by code point and to know all letters, the best first.
fn locales(major: u32) -> Vec<&'static [&'static str]> {
    let built_in: &[&str] =
        &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    let of_system: [&[&str]; 3] =
        [&["--locale=C.UTF-8"], &["--locale=C", "--lc-ctype=en_US.UTF-8"], &["--locale=C"]];
    let has_built_in = major >= 17;
    has_built_in.then_some(built_in).into_iter().chain(of_system).collect()
}

fn finish(home: &Home) -> Result<()> {
    let data = home.data();
    let finish = || {
        fs::rename(home.path(UNFINISHED), &data)?;
        File::open(home.base())?.sync_all()
    };
    finish().map_err(|error| ClusterError::io("cannot make", &data, &error))
}
