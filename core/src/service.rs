//! A service: something that runs as long as the environment does.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;

use crate::{Result, app::App};

/// Something that is started before or after the routers and stopped in reverse.
pub trait Service: Send + Sync + 'static {
    /// Its name in logs, in `artel modules` and in the `depends` of others.
    fn name(&self) -> &'static str;

    /// When it is started.
    fn phase(&self) -> Phase;

    /// The services of the same or an earlier phase that it needs.
    fn depends(&self) -> &'static [&'static str] {
        &[]
    }

    /// Makes it ready; what others need of it is put into `app`.
    ///
    /// # Errors
    /// Ends the start of the environment: what was started before is stopped again.
    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>>;

    /// Ends it; nothing that it needs has been stopped yet.
    fn stop<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    /// How it is, for readiness.
    fn health<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Health> {
        Box::pin(async { Health::Ready })
    }
}

/// When a service is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The routers need it: logger, database, security, auth token.
    BeforeRouter,
    /// It needs the routers, or nobody waits for it.
    AfterRouter,
}

/// Whether a service can do its work now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It can.
    Ready,
    /// It cannot, and why.
    NotReady(String),
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BeforeRouter => "before the router",
            Self::AfterRouter => "after the router",
        })
    }
}
