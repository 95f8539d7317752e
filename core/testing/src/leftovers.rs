//! Databases of test processes that are dead: each process holds the lock of a file while it
//! lives, and its databases are named after that file.

use std::{
    fs::{self, File, TryLockError},
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
    let names = list_databases(admin, PREFIX).await.expect("databases can be listed");
    for name in names {
        if owner(&name).is_some_and(is_dead) {
            // Another process may be about to do the same.
            let _ = drop_database(admin, &name).await;
        }
    }
}

/// The process that a database was made by.
fn owner(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split('_').next()?.parse().ok()
}

fn is_dead(process: u32) -> bool {
    if process == process::id() {
        return false;
    }
    let Ok(file) = lock_file(process) else { return false };
    match file.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(lock_path(process));
            true
        }
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

fn lock_file(process: u32) -> io::Result<File> {
    let path = lock_path(process);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::options().create(true).append(true).open(path)
}

fn lock_path(process: u32) -> PathBuf {
    cluster::directory().with_file_name("pg-tests").join(format!("{process}.lock"))
}
