//! One of the servers: a process of the program between two proxies.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use artel_testing::{Home, Proxy, Serving, TestDb, Upstream};
use tokio::task;

/// Its database is behind one proxy, and it is behind another.
pub(super) struct Server {
    /// Between clients and it; the same whenever it starts anew.
    pub(super) door: Proxy,
    /// Between it and the database.
    pub(super) database: Proxy,
    process: Arc<Process>,
}

struct Process {
    home: Home,
    url: String,
    settings: Vec<(&'static str, String)>,
    serving: Mutex<Option<Serving>>,
}

impl Server {
    pub(super) async fn on(database: &TestDb, settings: Vec<(&'static str, String)>) -> Self {
        let proxy = Proxy::to(database.upstream()).await;
        let (home, url) = (Home::of(env!("CARGO_BIN_EXE_artel")), database.url_through(&proxy));
        let process = Arc::new(Process { home, url, settings, serving: Mutex::default() });
        // Where it leads to is known once the process has started.
        let door = Proxy::to(Upstream::Tcp(String::new())).await;
        let server = Self { door, database: proxy, process };
        server.start().await;
        server
    }

    /// Where clients find it.
    pub(super) fn address(&self) -> SocketAddr {
        self.door.address()
    }

    /// Starts it.
    pub(super) async fn start(&self) {
        let process = self.process.clone();
        let started = task::spawn_blocking(move || process.start()).await.unwrap();
        self.door.lead_to(Upstream::Tcp(started.to_string()));
    }

    /// Ends it by a signal.
    pub(super) async fn stop(&self, signal: &'static str) {
        let process = self.process.clone();
        task::spawn_blocking(move || process.stop(signal)).await.unwrap();
    }

    /// Has it stand still, until `CONT`.
    pub(super) fn send(&self, signal: &str) {
        if let Some(serving) = &*self.process.serving() {
            serving.send(signal);
        }
    }

    /// Whether it has not ended by itself.
    pub(super) fn is_running(&self) -> bool {
        self.process.serving().as_mut().is_some_and(Serving::is_running)
    }

    /// All that it has logged, however often it was started.
    pub(super) fn log(&self) -> String {
        self.process.home.log()
    }
}

impl Process {
    fn start(&self) -> SocketAddr {
        let settings: Vec<_> = self.settings.iter().map(|(name, it)| (*name, &**it)).collect();
        let serving = self.home.serve_on(&self.url, &settings);
        let address = serving.address;
        *self.serving() = Some(serving);
        address
    }

    fn stop(&self, signal: &str) {
        let serving = self.serving().take();
        if let Some(mut serving) = serving {
            let code = serving.end(signal);
            // What was killed has none.
            assert!(matches!(code, None | Some(0)), "it ended with {code:?}: {}", self.home.log());
        }
    }

    fn serving(&self) -> std::sync::MutexGuard<'_, Option<Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
