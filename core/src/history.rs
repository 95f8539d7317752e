//! Forgets who changed what, when the models say so.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use orm::{Session, engine};
use tokio::{
    task::JoinHandle,
    time::{self, Instant, MissedTickBehavior},
};

use crate::{App, Phase, Result, Service, task};

/// How often it is looked, and how long after the start first.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);
const SWEEP_FIRST: Duration = Duration::from_secs(90);

/// Entries of one model that are deleted in one statement.
const BATCH: i64 = 1_000;

/// Forgets as long as the environment serves.
#[derive(Default)]
pub(crate) struct HistorySweep {
    running: Mutex<Option<JoinHandle<Option<()>>>>,
}

impl Service for HistorySweep {
    fn name(&self) -> &'static str {
        "history_sweep"
    }

    fn phase(&self) -> Phase {
        Phase::AfterRouter
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            if app.database().is_ok() {
                let running = task::spawn("history_sweep", run(app.clone()));
                *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
            }
            Ok(())
        })
    }

    fn stop<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(running) = running {
                running.abort();
            }
            Ok(())
        })
    }
}

async fn run(app: Arc<App>) {
    let mut ticks = time::interval_at(Instant::now() + SWEEP_FIRST, SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match sweep(&app).await {
            Ok(0) => {}
            Ok(forgotten) => tracing::debug!(forgotten, "old history was deleted"),
            Err(error) => tracing::warn!(%error, "old history cannot be deleted"),
        }
    }
}

/// Forgets everything that is older than its model wants it remembered, batch by batch; how many
/// entries.
///
/// # Errors
/// What the database says.
pub async fn sweep(app: &App) -> Result<u64> {
    let session = Session::system(app.database()?, "sweep history").at(app.clock.now());
    let mut forgotten = 0;
    loop {
        match engine::forget_history(&session, BATCH).await? {
            0 => return Ok(forgotten),
            batch => forgotten += batch,
        }
    }
}
