//! All sockets of an environment, and their orderly end.
//!
//! **Invariant:** when [`Sockets::drain`] is done, no handler runs and no connection is open.

use std::fmt;

use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{Error, Result};

/// Knows what has to be ended.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    /// Those that are open.
    pub(super) open: TaskTracker,
    /// No further ones.
    refusing: CancellationToken,
    draining: CancellationToken,
    ended: CancellationToken,
}

/// Tells whoever speaks over a socket that the server begins to end.
#[derive(Clone)]
pub struct Draining(CancellationToken);

impl Sockets {
    /// Whether another one may open.
    ///
    /// # Errors
    /// Unavailable when the end has begun.
    pub(super) fn check_open(&self) -> Result<()> {
        match self.refusing.is_cancelled() {
            true => Err(Error::unavailable("shutting down")),
            false => Ok(()),
        }
    }

    /// From now on no socket opens.
    pub(crate) fn refuse(&self) {
        self.refusing.cancel();
    }

    /// Tells all of them to end, and waits until they have.
    pub(crate) async fn drain(&self) {
        self.refuse();
        self.draining.cancel();
        self.open.close();
        self.open.wait().await;
    }

    /// What ends all of them where they stand, when it is dropped.
    pub(crate) fn end_when_dropped(&self) -> DropGuard {
        self.ended.clone().drop_guard()
    }

    pub(super) fn draining(&self) -> Draining {
        Draining(self.draining.clone())
    }

    /// Waits until all is to end at once.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }
}

impl Draining {
    /// Waits until the server begins to end.
    pub async fn begun(&self) {
        self.0.cancelled().await;
    }

    /// Whether the server has begun to end.
    pub fn has_begun(&self) -> bool {
        self.0.is_cancelled()
    }
}

impl fmt::Debug for Draining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Draining({})", self.has_begun())
    }
}
