//! Sets up the log of the process.
//!
//! **Invariant:** a process has one log, that of its first environment; a second environment
//! writes into it and does not change it.

use std::{
    io::{self, IsTerminal},
    sync::Arc,
};

use artel_core::{
    App, Error, Phase, Result, Service,
    settings::{LogFormat, LogSettings},
};
use futures_util::future::BoxFuture;
use tracing_subscriber::{EnvFilter, fmt, util::SubscriberInitExt};

pub(crate) struct LogService;

impl Service for LogService {
    fn name(&self) -> &'static str {
        "logger"
    }

    fn phase(&self) -> Phase {
        Phase::BeforeRouter
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { install(&app.settings.log) })
    }
}

fn install(settings: &LogSettings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.level)
        .map_err(|error| Error::broken(format!("ARTEL_LOG__LEVEL: {error}")))?;
    let is_coloured = io::stderr().is_terminal();
    let log = fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(is_coloured);
    let installed = match settings.format {
        LogFormat::Text => log.with_target(false).finish().try_init(),
        LogFormat::Json => log.json().flatten_event(true).finish().try_init(),
    };
    // The only failure is that the process has a log already.
    drop(installed);
    Ok(())
}
