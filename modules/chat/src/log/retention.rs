//! Forgets events that nobody catches up with any more, and files that nobody says; what was said
//! stays.
//!
//! **Invariant:** what is forgotten of a log is its beginning, whatever the clocks of servers said:
//! what is left of it has no holes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use artel_core::{App, Phase, Result, Service, task};
use chrono::{DateTime, TimeDelta, Utc};
use orm::{BoxFuture, Session};
use tokio::{
    task::JoinHandle,
    time::{self, Instant, MissedTickBehavior},
};

use crate::{attachment, row};

/// How often it is looked, and how long after the start first.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);
const SWEEP_FIRST: Duration = Duration::from_secs(120);

/// Events that are deleted in one statement.
const BATCH: &str = "1000";

/// Forgets as long as the environment serves.
#[derive(Default)]
pub(crate) struct Retention {
    running: Mutex<Option<JoinHandle<Option<()>>>>,
}

impl Service for Retention {
    fn name(&self) -> &'static str {
        "chat_retention"
    }

    fn phase(&self) -> Phase {
        Phase::AfterRouter
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            if app.database().is_ok() {
                let running = task::spawn("chat_retention", run(app.clone()));
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
            Ok(forgotten) => tracing::debug!(forgotten, "old events of chats were deleted"),
            Err(error) => tracing::warn!(%error, "old events of chats cannot be deleted"),
        }
        match attachment::sweep::sweep(&app).await {
            Ok(0) => {}
            Ok(gone) => tracing::debug!(gone, "files that nobody has said were deleted"),
            Err(error) => tracing::warn!(%error, "files that nobody has said cannot be deleted"),
        }
    }
}

/// Forgets all events that are older than the setting wants, batch by batch; how many.
///
/// # Errors
/// What the database says.
pub async fn sweep(app: &App) -> Result<i64> {
    let session = Session::system(app.database()?, "sweep chat events").at(app.clock.now());
    let kept = TimeDelta::days(i64::from(app.settings.chat.retention_days));
    let before = session.now().checked_sub_signed(kept).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let before = before.to_rfc3339();
    let mut forgotten = 0;
    loop {
        match row::only(session.sql(SWEEP, &[&before, BATCH]).await?)?.int()? {
            0 => return Ok(forgotten),
            batch => forgotten += batch,
        }
    }
}

/// Events of a chat lie a little out of the order of their times, where servers' clocks differ.
const SWEEP: &str = "with old as ( \
         select chat_id, max(seq) as seq from chat_events where at < $1::timestamptz \
         group by chat_id order by chat_id limit 100 \
     ), chosen as ( \
         select it.id from chat_events it \
         join old on old.chat_id = it.chat_id and it.seq <= old.seq \
         order by it.chat_id, it.seq limit $2::bigint \
     ), swept as ( \
         delete from chat_events it using chosen where it.id = chosen.id returning 1 \
     ) select count(*)::text from swept";
