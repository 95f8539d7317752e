//! Makes the authenticator before the routers, and keeps what it knows fresh after them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use artel_core::{App, Phase, Result, Service, auth::Authenticator, task};
use futures_util::future::BoxFuture;
use tokio::{
    task::JoinHandle,
    time::{self, Instant, MissedTickBehavior},
};

/// How often all login sessions in use are confirmed; what is older than two of these is not
/// believed.
const CONFIRM_EVERY: Duration = Duration::from_secs(1);

/// How long changes of rights are gathered before a confirmation that does not wait for its second.
const GATHER: Duration = Duration::from_millis(50);

/// How many confirmations go by before the use of login sessions is noted in the table.
const NOTE_EVERY: u64 = 60;

/// How often login sessions that ended long ago are swept, and how long after the start first.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);
const SWEEP_FIRST: Duration = Duration::from_secs(60);

/// Makes the authenticator.
pub(crate) struct AuthToken;

/// Something done to login sessions as long as the environment lives.
pub(crate) struct Background {
    name: &'static str,
    run: fn(Arc<Authenticator>) -> BoxFuture<'static, ()>,
    running: Mutex<Option<JoinHandle<Option<()>>>>,
}

impl Background {
    /// Confirms every second who is still in.
    pub(crate) fn refresh() -> Self {
        Self::new("login_refresh", |it| Box::pin(refresh(it)))
    }

    /// Deletes login sessions that ended long ago.
    pub(crate) fn sweep() -> Self {
        Self::new("login_sweep", |it| Box::pin(sweep(it)))
    }

    fn new(name: &'static str, run: fn(Arc<Authenticator>) -> BoxFuture<'static, ()>) -> Self {
        Self { name, run, running: Mutex::default() }
    }
}

impl Service for AuthToken {
    fn name(&self) -> &'static str {
        "auth_token"
    }

    fn phase(&self) -> Phase {
        Phase::BeforeRouter
    }

    fn depends(&self) -> &'static [&'static str] {
        &["database", "security"]
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            app.provide_authenticator(Arc::new(Authenticator::of(app)?));
            Ok(())
        })
    }
}

impl Service for Background {
    fn name(&self) -> &'static str {
        self.name
    }

    fn phase(&self) -> Phase {
        Phase::AfterRouter
    }

    fn depends(&self) -> &'static [&'static str] {
        &["auth_token"]
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            let running = task::spawn(self.name, (self.run)(app.authenticator()?.clone()));
            *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
            Ok(())
        })
    }

    fn stop<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            if let Some(running) =
                self.running.lock().unwrap_or_else(PoisonError::into_inner).take()
            {
                running.abort();
            }
            Ok(())
        })
    }
}

async fn sweep(authenticator: Arc<Authenticator>) {
    let mut ticks = time::interval_at(Instant::now() + SWEEP_FIRST, SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match authenticator.sweep().await {
            Ok(0) => {}
            Ok(swept) => tracing::debug!(swept, "old login sessions were deleted"),
            Err(error) => tracing::warn!(%error, "old login sessions cannot be deleted"),
        }
        match authenticator.sweep_tickets().await {
            Ok(0) => {}
            Ok(swept) => tracing::debug!(swept, "used tickets were deleted"),
            Err(error) => tracing::warn!(%error, "used tickets cannot be deleted"),
        }
    }
}

async fn refresh(authenticator: Arc<Authenticator>) {
    let mut ticks = time::interval(CONFIRM_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_failing = false;
    for round in 1_u64.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = authenticator.wanted() => time::sleep(GATHER).await,
        }
        let confirmed = authenticator.refresh().await;
        let confirmed = match confirmed {
            Ok(()) if round.is_multiple_of(NOTE_EVERY) => authenticator.note_use().await,
            other => other,
        };
        // Said once: the database says every second that it is away.
        if let (Err(error), false) = (&confirmed, is_failing) {
            tracing::warn!(%error, "login sessions cannot be confirmed");
        }
        is_failing = confirmed.is_err();
    }
}
