//! Sets up the log of the process.
//!
//! **Invariant:** what is said over sockets is in no log, whatever level is set: tokens travel there.
//! A process has one log, that of its first environment; a second environment
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
    let filter = filter(settings)?;
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

/// What is wanted, but for the codec of sockets, which would tell every frame.
fn filter(settings: &LogSettings) -> Result<EnvFilter> {
    let bad = |error: &dyn std::fmt::Display| Error::broken(format!("ARTEL_LOG__LEVEL: {error}"));
    let wanted = EnvFilter::try_new(&settings.level).map_err(|error| bad(&error))?;
    let quiet = "tungstenite=info".parse().map_err(|error| bad(&error))?;
    Ok(wanted.add_directive(quiet))
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn what_is_said_over_sockets_is_in_no_log() {
        for level in ["trace", "tungstenite=trace", "info,tungstenite=debug"] {
            check(level);
        }
    }

    #[track_caller]
    fn check(level: &str) {
        let settings = LogSettings { level: level.to_owned(), format: LogFormat::Text };
        let log = fmt().with_env_filter(filter(&settings).unwrap()).finish();
        tracing::subscriber::with_default(log, || {
            let tells = tracing::enabled!(target: "tungstenite::protocol", Level::DEBUG);
            assert!(!tells, "{level}");
            assert!(tracing::enabled!(target: "tungstenite::protocol", Level::WARN), "{level}");
        });
    }
}
