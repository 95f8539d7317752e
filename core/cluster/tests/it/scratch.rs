//! A directory for one test, gone after it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::signal::is_running;

/// Long enough for a machine that does ten other things.
pub(crate) const WAIT_MAX: Duration = Duration::from_secs(120);

pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    pub(crate) fn new(test: &str) -> Self {
        Self::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cluster-{test}")))
    }

    pub(crate) fn at(path: PathBuf) -> Self {
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the test has its cluster.
    pub(crate) fn cluster(&self) -> PathBuf {
        self.path.join("pg")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if thread::panicking() {
            // Left for whoever wants to see why.
            return;
        }
        if self.cluster().join("watch.lock").exists() {
            wait_until_unwatched(&self.cluster());
        }
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The number of the server of the cluster in `directory`.
pub(crate) fn server_process(directory: &Path) -> u32 {
    let text = fs::read_to_string(directory.join("data/postmaster.pid")).unwrap();
    text.lines().next().unwrap().parse().unwrap()
}

/// The number of the watchdog; none while one takes over from another.
pub(crate) fn watchdog_process(directory: &Path) -> Option<u32> {
    fs::read_to_string(directory.join("watch.lock")).unwrap().trim().parse().ok()
}

/// Waits until no watchdog is left, that is until the last one has done its work.
pub(crate) fn wait_until_unwatched(directory: &Path) {
    let lock = File::open(directory.join("watch.lock")).unwrap();
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        lock.lock().unwrap();
        let _ = done.send(());
    });
    is_done.recv_timeout(WAIT_MAX).expect("the watchdog ends when nobody uses the server");
}

/// Waits until the watchdog has stopped the server, and looks whether that is true.
#[track_caller]
pub(crate) fn check_stopped(directory: &Path, server: u32) {
    wait_until_unwatched(directory);
    assert!(!is_running(server), "the server {server} still runs");
    for left in ["data/postmaster.pid", "starting", "stopping"] {
        assert!(!directory.join(left).exists(), "{left} is left");
    }
    assert_eq!(fs::read_dir(directory.join("socket")).unwrap().count(), 0, "a socket is left");
}
