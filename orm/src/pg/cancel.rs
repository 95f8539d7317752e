//! Stops a statement that nobody waits for any more.
//!
//! A closed socket does not do it: the server notices only when it has something to send, and
//! holds its locks until then.

use std::time::Duration;

use tokio::time;
use tokio_postgres::CancelToken;

use crate::pg::{spawn_quietly, tls::Tls};

/// How long a cancel request may take before it is given up.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks the server, beside everything else, to stop what the connection of `token` is doing.
///
/// The connection must not be used again: the request may arrive after the statement has ended,
/// and would then stop whatever came next.
pub(super) fn cancel(token: CancelToken, tls: Tls) {
    spawn_quietly(async move {
        match time::timeout(PATIENCE, tls.cancel(&token)).await {
            Ok(Ok(())) => metrics::counter!("artel_db_cancels_total").increment(1),
            Ok(Err(error)) => tracing::debug!(%error, "a statement could not be cancelled"),
            Err(_) => tracing::debug!("a statement could not be cancelled in time"),
        }
    });
}
