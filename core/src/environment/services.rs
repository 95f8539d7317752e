//! The services of an environment: started in their order, stopped in reverse.
//!
//! **Invariant:** a service is stopped exactly if its start succeeded, and before anything that
//! it depends on.

use std::{sync::Arc, time::Duration};

use tokio::time;

use crate::{
    App, Service,
    environment::{StartError, patience::Patience},
    service::Phase,
};

/// How long a service may take to stop before the next one is.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Services in the order in which they are started.
pub(crate) struct Services {
    all: Vec<Arc<dyn Service>>,
    started: usize,
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
            patience
                .attempt(service.name(), async || service.start(app).await)
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
