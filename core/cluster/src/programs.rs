//! Finding the PostgreSQL programs: `initdb` and `postgres`, side by side in one folder.

mod fetch;

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
};

use crate::{
    error::{ClusterError, Result},
    home::Home,
};

/// What the framework asks of a session (`client_connection_check_interval`) is as old as this.
const MAJOR_MIN: u32 = 14;

/// The programs of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Programs {
    folder: PathBuf,
    pub(crate) major: u32,
}

impl Programs {
    pub(crate) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }
}

/// Where to look.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// Named by the user: it, or nothing.
    named: Option<PathBuf>,
    folders: Vec<PathBuf>,
    /// Interpreters that may be able to fetch the programs.
    pythons: Vec<PathBuf>,
}

impl Search {
    pub(crate) fn everywhere(named: Option<PathBuf>) -> Self {
        let path: Vec<PathBuf> = env::var_os("PATH")
            .map(|it| env::split_paths(&it).filter(|it| it.is_absolute()).collect())
            .unwrap_or_default();
        let pythons = path.iter().flat_map(|it| [it.join("python3"), it.join("python")]);
        Self {
            named,
            pythons: pythons.filter(|it| it.exists()).collect(),
            folders: path.into_iter().chain(usual_folders()).collect(),
        }
    }

    /// The newest programs, or those of major version `wanted`; fetched if there are none.
    ///
    /// To be called by whoever holds `turn`, the lock on `start.lock`.
    pub(crate) fn find(&self, home: &Home, turn: &File, wanted: Option<u32>) -> Result<Programs> {
        if let Some(named) = &self.named {
            let found = look_into(home, named);
            return choose(&found, wanted).ok_or_else(|| unusable(named, found.as_ref(), wanted));
        }
        let fetched = fetch::folder(home);
        let folders = self.folders.iter().map(PathBuf::as_path).chain([fetched.as_path()]);
        let found: Vec<Programs> = folders.filter_map(|it| look_into(home, it)).collect();
        if let Some(programs) = choose(&found, wanted) {
            return Ok(programs);
        }
        if let Some(wanted) = wanted.filter(|it| *it != fetch::MAJOR) {
            return Err(version_missing(home, &found, wanted));
        }
        fetch::fetch(home, turn, &self.pythons)?;
        look_into(home, &fetched).ok_or_else(|| fetch::unusable(&fetched))
    }
}

/// Where packages put the programs without putting them on `PATH`.
fn usual_folders() -> Vec<PathBuf> {
    // A folder whose sub-folders are versions, and how the names of those begin.
    let versioned = [
        ("/usr/lib/postgresql", ""),
        ("/usr/libexec", "postgresql"),
        ("/usr", "pgsql-"),
        ("/opt", "postgresql"),
        ("/opt/homebrew/opt", "postgresql"),
        ("/usr/local/opt", "postgresql"),
        ("/Library/PostgreSQL", ""),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ];
    let mut folders = vec![PathBuf::from("/usr/local/pgsql/bin")];
    for (root, prefix) in versioned {
        let mut names: Vec<PathBuf> = fs::read_dir(root)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|it| it.file_name().to_string_lossy().starts_with(prefix))
            .map(|it| it.path())
            .collect();
        names.sort();
        for name in names {
            folders.push(name.join("bin"));
            folders.push(name);
        }
    }
    folders
}

/// The programs in `folder`, if they are there and can be run.
fn look_into(home: &Home, folder: &Path) -> Option<Programs> {
    let folder = folder.to_path_buf();
    let programs = Programs { folder, major: 0 };
    if !programs.initdb().exists() || !programs.postgres().exists() {
        return None;
    }
    let output = home.command(&programs.postgres()).arg("--version").output().ok()?;
    let major = major(&String::from_utf8_lossy(&output.stdout))?;
    Some(Programs { major, ..programs })
}

/// The major version in what `postgres --version` prints.
fn major(printed: &str) -> Option<u32> {
    let (_, version) = printed.split_once("(PostgreSQL) ")?;
    let end = version.find(|it: char| !it.is_ascii_digit()).unwrap_or(version.len());
    version[..end].parse().ok()
}

/// The first of the newest, or the first of that version.
fn choose<'a>(
    found: impl IntoIterator<Item = &'a Programs>,
    wanted: Option<u32>,
) -> Option<Programs> {
    let mut best: Option<&Programs> = None;
    for it in found {
        let is_eligible = wanted.map_or(it.major >= MAJOR_MIN, |wanted| it.major == wanted);
        if is_eligible && best.is_none_or(|best| it.major > best.major) {
            best = Some(it);
        }
    }
    best.cloned()
}

fn unusable(named: &Path, found: Option<&Programs>, wanted: Option<u32>) -> ClusterError {
    let needed = match wanted {
        Some(wanted) => format!("the cluster was made by PostgreSQL {wanted}"),
        None => format!("PostgreSQL {MAJOR_MIN} or newer is needed"),
    };
    let is = match found {
        Some(it) => format!("has the programs of PostgreSQL {}", it.major),
        None => "has no `initdb` and `postgres` that can be run".into(),
    };
    ClusterError::new(format!(
        "{needed}, but ARTEL_PG_BIN names {}, which {is}\n\
         name the folder that has them, or none to have them looked for",
        named.display()
    ))
}

fn version_missing(home: &Home, found: &[Programs], wanted: u32) -> ClusterError {
    let mut others: Vec<String> = found
        .iter()
        .map(|it| format!("PostgreSQL {} in {}", it.major, it.folder.display()))
        .collect();
    others.sort();
    others.dedup();
    let others = if others.is_empty() { "none".into() } else { others.join(", ") };
    ClusterError::new(format!(
        "the cluster in {} was made by PostgreSQL {wanted}, whose programs are not on this \
         machine (found: {others})\n\
         install PostgreSQL {wanted}, or move {} away to begin with an empty one",
        home.base().display(),
        home.data().display()
    ))
}

#[cfg(test)]
mod tests;
