//! Trying again while something that is needed is away.

use std::time::Duration;

use tokio::time;

use crate::Result;

/// The first and the longest pause between two attempts.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(5)];

/// What to do when something that is needed is away now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Give up: somebody waits for an answer.
    None,
    /// Try again until it is there: a server outlives a restart of its database.
    Endless,
}

impl Patience {
    /// Attempts something until it succeeds or fails for another reason; `what` is for the log,
    /// which has each reason once.
    pub(crate) async fn attempt<T>(
        self,
        what: &'static str,
        mut attempt: impl AsyncFnMut() -> Result<T>,
    ) -> Result<T> {
        let [mut pause, longest] = PAUSES;
        let mut said = String::new();
        loop {
            match attempt().await {
                Err(error) if error.is_unavailable() && self == Self::Endless => {
                    let reason = error.to_string();
                    if said != reason {
                        tracing::warn!(what, reason, "waiting");
                        said = reason;
                    }
                }
                done => return done,
            }
            time::sleep(pause).await;
            pause = (pause * 2).min(longest);
        }
    }
}
