//! A cluster of one test's own, whose server may be ended while others need it.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use artel_cluster::{Cluster, Durability, Options};
use tokio::{task, time};

use crate::{Upstream, cluster::target, in_time};

/// A cluster that keeps what was committed, however its server ends; gone with the test.
pub struct TestCluster {
    dir: PathBuf,
    running: Arc<Mutex<Option<Cluster>>>,
}

impl TestCluster {
    /// Makes one and starts it.
    pub async fn start() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let dir = target().join("pg-own").join(format!("{}_{count}", process::id()));
        let cluster = Self { dir, running: Arc::default() };
        cluster.run().await;
        cluster
    }

    /// Ends the server by this signal and starts it again: `INT` ends sessions and shuts down,
    /// `QUIT` and `KILL` leave everything as it lies.
    pub async fn restart(&self, signal: &str) {
        let process = self.with(|it| server_process(it.directory()));
        let sent = Command::new("kill").args([format!("-{signal}"), process.clone()]).status();
        assert!(sent.is_ok_and(|it| it.success()), "the server can be sent {signal}");
        let is_there = |process: &str| {
            let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        in_time(async {
            while is_there(&process) {
                time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        self.run().await;
    }

    /// Has the server recover from what it has written, as after a restore up to some moment: it
    /// begins another timeline, with everything that was there.
    pub async fn recover(&self) {
        let data = self.with(|it| it.directory().join("data"));
        let settings = data.join("postgresql.auto.conf");
        let mut settings = File::options().append(true).open(settings).expect("it has settings");
        settings.write_all(b"restore_command = 'false'\n").expect("they can be added to");
        fs::write(data.join("recovery.signal"), "").expect("it can be told to recover");
        self.restart("INT").await;
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        self.with(|it| it.url(database))
    }

    /// Its server, for a proxy before it.
    pub fn upstream(&self) -> Upstream {
        Upstream::Unix(self.with(Cluster::socket))
    }

    /// Starts the server where none runs.
    async fn run(&self) {
        let (dir, running) = (self.dir.clone(), self.running.clone());
        let start = move || {
            let options =
                Options { dir, durability: Durability::Durable, programs: None, notice: |_| {} };
            let started = Cluster::start(&options).expect("the server can be started");
            running.lock().unwrap_or_else(PoisonError::into_inner).replace(started)
        };
        // The one before goes only now, so that no watchdog thinks that nobody is there.
        drop(task::spawn_blocking(start).await.expect("the start was not cancelled"));
    }

    fn with<T>(&self, ask: impl FnOnce(&Cluster) -> T) -> T {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        ask(running.as_ref().expect("it runs as long as it lives"))
    }
}

impl Drop for TestCluster {
    fn drop(&mut self) {
        let directory = self.with(|it| it.directory().to_owned());
        let _ = Command::new("kill").args(["-QUIT", &server_process(&directory)]).status();
        // A watchdog finds nothing to stop, and nothing is left but these files.
        let _ = fs::remove_dir_all(directory);
    }
}

/// The process of a server, which says so in its directory.
fn server_process(directory: &Path) -> String {
    let file = directory.join("data/postmaster.pid");
    let text = fs::read_to_string(file).expect("a server that runs has left its number");
    text.lines().next().unwrap_or_default().trim().to_owned()
}
