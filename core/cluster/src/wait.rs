//! Waiting for what other processes do, where the system offers nothing to block on.

use std::{
    process::Child,
    thread,
    time::{Duration, Instant},
};

use crate::error::Result;

/// Looks again and again until there is an answer, or gives `None` after `limit`.
pub(crate) fn until<T>(
    limit: Duration,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let began = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        if began.elapsed() >= limit {
            return Ok(None);
        }
        pause();
    }
}

/// Lets the system forget the child when it ends, however long that takes.
pub(crate) fn reap(mut child: Child) {
    // Without a thread it would stay a zombie until this process ends: nothing breaks.
    let _ = thread::Builder::new()
        .name("artel-cluster-reap".into())
        .stack_size(64 << 10)
        .spawn(move || child.wait());
}

#[expect(clippy::disallowed_methods, reason = "this crate blocks by design, see `lib.rs`")]
fn pause() {
    thread::sleep(Duration::from_millis(4));
}
