//! One of the servers: an environment between two proxies.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use artel_testing::{Proxy, TestApp, Upstream};

/// Its database is behind one proxy, and it is behind another.
pub(super) struct Server {
    /// Between it and the database.
    pub(super) database: Proxy,
    running: tokio::sync::Mutex<Option<TestApp>>,
    /// Between clients and it; another one after each start, as its port is.
    door: Mutex<Arc<Proxy>>,
}

impl Server {
    pub(super) async fn beside(base: &TestApp) -> Self {
        let database = Proxy::to(base.database().upstream()).await;
        let app = start(base, &database).await;
        let door = Mutex::new(Arc::new(door_of(&app).await));
        Self { database, running: tokio::sync::Mutex::new(Some(app)), door }
    }

    /// What clients come through at the moment.
    pub(super) fn door(&self) -> Arc<Proxy> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where clients find it at the moment.
    pub(super) fn address(&self) -> SocketAddr {
        self.door().address()
    }

    /// Ends it and starts it anew.
    pub(super) async fn restart(&self, base: &TestApp) {
        self.stop().await;
        let app = start(base, &self.database).await;
        let door = Arc::new(door_of(&app).await);
        *self.door.lock().unwrap_or_else(PoisonError::into_inner) = door;
        *self.running.lock().await = Some(app);
    }

    /// Ends it.
    pub(super) async fn stop(&self) {
        if let Some(app) = self.running.lock().await.take() {
            app.stop().await;
        }
    }
}

async fn start(base: &TestApp, database: &Proxy) -> TestApp {
    let url = base.database().url_through(database);
    super::world::builder().start_on(url, &[auth_token::MODULE, chat::MODULE]).await
}

async fn door_of(app: &TestApp) -> Proxy {
    Proxy::to(Upstream::Tcp(app.address().to_string())).await
}
