//! Databases of test processes that are dead: each process holds the lock of a file while it
//! lives, and its databases are named after that file.

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    process,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use orm::{
    Pool,
    migrate::database::{drop_database, list_databases},
};

use crate::cluster;

/// How the databases of tests begin; the process and a count follow.
const PREFIX: &str = "test_";

/// Where the lock files are, beside the cluster.
pub(crate) const FOLDER: &str = "pg-tests";

/// A name for a database that no other test has.
pub(crate) fn fresh_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}_{count}", process::id())
}

/// Says that this process lives, and drops the databases of those that do not. The first test of
/// a process does it.
pub(crate) async fn drop_leftovers(admin: &Pool) {
    static ALIVE: OnceLock<File> = OnceLock::new();
    let mut is_first = false;
    ALIVE.get_or_init(|| {
        is_first = true;
        let file = lock_file(process::id()).expect("the target directory can be written to");
        file.lock().expect("nobody else has the number of this process");
        file
    });
    if !is_first {
        return;
    }
    for process in known_processes().into_iter().filter(|it| is_dead(*it)) {
        let names = list_databases(admin, &format!("{PREFIX}{process}_")).await;
        for name in names.expect("databases can be listed") {
            // Another process may be about to do the same.
            let _ = drop_database(admin, &name).await;
        }
        let _ = fs::remove_file(lock_path(process));
    }
}

/// The processes that have a lock file, dead or alive.
fn known_processes() -> Vec<u32> {
    let folder = cluster::directory().with_file_name(FOLDER);
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|it| it.path().file_stem()?.to_str()?.parse().ok()).collect()
}

fn is_dead(process: u32) -> bool {
    if process == process::id() {
        return false;
    }
    let Ok(file) = lock_file(process) else { return false };
    file.try_lock().is_ok()
}

fn lock_file(process: u32) -> io::Result<File> {
    let path = lock_path(process);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options().create(true).append(true).open(path)
}

fn lock_path(process: u32) -> PathBuf {
    cluster::directory().with_file_name(FOLDER).join(format!("{process}.lock"))
}
