//! The services of an environment: started in their order, stopped in reverse.
//!
//! **Invariant:** a service is stopped exactly if its start succeeded, and before anything that
//! it depends on.

use std::{sync::Arc, time::Duration};

use tokio::time;

use crate::{
    App, Error, Result, Service,
    environment::StartError,
    service::Phase,
};

/// How long a service may take to stop before the next one is.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// The first and the longest pause between two attempts to start a service.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// Services in the order in which they are started.
pub(crate) struct Services {
    all: Vec<Arc<dyn Service>>,
    started: usize,
}

/// What to do about a service that needs something that is away now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Give up: somebody waits for an answer.
    None,
    /// Try again until it is there: a server outlives its database's restart.
    Endless,
}

impl Services {
    pub(crate) fn new(all: Vec<Arc<dyn Service>>) -> Self {
        Self { all, started: 0 }
    }

    /// Starts those of a phase, each after the one before it, as long as `is_wanted`.
    pub(crate) async fn start(
        &mut self,
        app: &Arc<App>,
        phase: Phase,
        patience: Patience,
        is_wanted: impl Fn(&App) -> bool,
    ) -> Result<(), StartError> {
        while let Some(service) = self.all.get(self.started) {
            if service.phase() != phase || !is_wanted(app) {
                break;
            }
            tracing::debug!(service = service.name(), "starting");
            start(&**service, app, patience)
                .await
                .map_err(|error| StartError::Service { name: service.name(), error })?;
            self.started += 1;
        }
        Ok(())
    }

    /// Those that run.
    pub(crate) fn running(&self) -> &[Arc<dyn Service>] {
        &self.all[..self.started]
    }

    /// Stops those that were started, the last first; what fails is logged and does not keep the
    /// others from being stopped.
    pub(crate) async fn stop(&mut self, app: &Arc<App>) {
        while self.started > 0 {
            self.started -= 1;
            let service = &self.all[self.started];
            let name = service.name();
            tracing::debug!(service = name, "stopping");
            match time::timeout(STOP_LIMIT, service.stop(app)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(service = name, %error, "did not stop cleanly"),
                Err(_) => tracing::error!(service = name, limit = ?STOP_LIMIT, "did not stop"),
            }
        }
    }
}

/// Starts a service; with endless patience, again and again while what it needs is away.
async fn start(service: &dyn Service, app: &Arc<App>, patience: Patience) -> Result<()> {
    let [mut pause, longest] = PAUSES;
    let mut said = String::new();
    loop {
        match service.start(app).await {
            Err(error) if error.is_unavailable() && patience == Patience::Endless => {
                report(service.name(), &error, &mut said);
                time::sleep(pause).await;
                pause = (pause * 2).min(longest);
            }
            done => return done,
        }
    }
}

/// Logs why a service has to wait, once for each reason.
fn report(service: &'static str, error: &Error, said: &mut String) {
    let reason = error.to_string();
    if *said != reason {
        tracing::warn!(service, reason, "waiting");
        *said = reason;
    }
}
