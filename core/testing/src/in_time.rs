//! What has to happen, and how long a test waits for it.

use std::time::Duration;

use tokio::time;

/// Longer than anything takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// What `work` gives; the test fails if that does not come.
#[track_caller]
pub fn in_time<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let place = std::panic::Location::caller();
    async move {
        let done = time::timeout(PATIENCE, work).await;
        done.unwrap_or_else(|_| panic!("nothing came within {PATIENCE:?}, at {place}"))
    }
}
