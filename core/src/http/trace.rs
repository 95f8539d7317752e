//! What is known of one request beside its answer: written by whoever learns it, read by the
//! access log, the metrics and `Server-Timing` when the answer leaves.

use std::{
    net::IpAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, Ordering},
    },
};

use orm::StatementCounter;

use crate::http::metering::RouteMeter;

/// The traces one request leaves.
#[derive(Debug, Default)]
pub struct RequestTrace {
    /// What `X-Request-Id` says.
    pub id: String,
    /// Counts the statements sent for it.
    pub statements: Arc<StatementCounter>,
    /// The id of the signed-in user; 0 while nobody is known.
    pub user: AtomicI64,
    /// The client, as far as the proxies between are trusted.
    pub address: Option<IpAddr>,
    route: OnceLock<Arc<RouteMeter>>,
}

impl RequestTrace {
    /// The trace of a request that has just come in.
    pub fn new(id: impl Into<String>, address: Option<IpAddr>) -> Self {
        Self { id: id.into(), address, ..Self::default() }
    }

    /// Says who asks.
    pub fn set_user(&self, id: i64) {
        self.user.store(id, Ordering::Relaxed);
    }

    /// Who asks, if anyone is known.
    pub fn user(&self) -> Option<i64> {
        Some(self.user.load(Ordering::Relaxed)).filter(|it| *it != 0)
    }

    /// Says which route answers; the first one stands.
    pub(crate) fn set_route(&self, route: &Arc<RouteMeter>) {
        let _ = self.route.set(Arc::clone(route));
    }

    /// The route that answers, if one does.
    pub(crate) fn route(&self) -> Option<&Arc<RouteMeter>> {
        self.route.get()
    }
}
