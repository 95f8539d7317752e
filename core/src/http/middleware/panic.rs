//! A panic ends one request: it becomes an error like any other, and its text goes to the log.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::{Error, task::panic_text};

/// Runs a handler; a panic in it is an error of ours.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Error> {
    // What the request owned is dropped with it, and what it shared guards itself: no lock of
    // ours is left half-written by a panic.
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .map_err(|panic| Error::broken(format!("a handler panicked: {}", panic_text(&*panic))))
}
