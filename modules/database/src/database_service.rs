//! Opens the database and keeps it open.

use std::sync::{Arc, Mutex, PoisonError};

use artel_cluster::Cluster;
use artel_core::{App, Phase, Result, Service};
use futures_util::future::BoxFuture;
use orm::Database;
use tokio::task;

use crate::{address, preparation};

/// The service; holds the managed cluster, if there is one, until the stop.
#[derive(Default)]
pub(crate) struct DatabaseService {
    cluster: Mutex<Option<Cluster>>,
}

impl DatabaseService {
    async fn open(&self, app: &App) -> Result<()> {
        let (pool, cluster) = address::open(&app.settings).await?;
        // Kept from here on, also when the tables are not right: the next attempt finds it up.
        *self.cluster.lock().unwrap_or_else(PoisonError::into_inner) = cluster;
        preparation::prepare(app, &pool).await?;
        tracing::info!(database = pool.describe(), "database open");
        let database = Database::new(pool, app.schema.clone());
        preparation::recompute(app, &database).await?;
        app.provide_database(database);
        Ok(())
    }

    async fn close(&self, app: &App) -> Result<()> {
        if let Ok(database) = app.database() {
            database.pool().close().await;
        }
        let cluster = self.cluster.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Letting go of a cluster may take a moment.
        let _ = task::spawn_blocking(move || drop(cluster)).await;
        Ok(())
    }
}

impl Service for DatabaseService {
    fn name(&self) -> &'static str {
        "database"
    }

    fn phase(&self) -> Phase {
        Phase::BeforeRouter
    }

    fn depends(&self) -> &'static [&'static str] {
        &["logger"]
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.open(app))
    }

    fn stop<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.close(app))
    }
}
