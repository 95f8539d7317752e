//! Work that runs beside its caller: keeps the caller's span, and a panic in it is reported.

use std::{any::Any, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use tokio::task::JoinHandle;
use tracing::Instrument;

/// Runs `work` beside the caller. A panic ends this task alone and is logged under `name`; the
/// handle then gives `None`.
#[expect(clippy::disallowed_methods, reason = "this is the one place that spawns")]
pub fn spawn<F>(name: &'static str, work: F) -> JoinHandle<Option<F::Output>>
where
    F: Future<Output: Send> + Send + 'static,
{
    let watched = async move {
        match AssertUnwindSafe(work).catch_unwind().await {
            Ok(output) => Some(output),
            Err(panic) => {
                tracing::error!(task = name, panic = panic_text(&*panic), "a task panicked");
                None
            }
        }
    };
    tokio::spawn(watched.in_current_span())
}

/// What a panic said.
pub fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_the_task_alone() {
        let panicked = spawn("broken", async { panic!("on purpose") });
        let other = spawn("sound", async { 7 });
        assert_eq!(panicked.await.unwrap(), None::<()>);
        assert_eq!(other.await.unwrap(), Some(7));
    }
}
