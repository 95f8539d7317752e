//! Being told to stop: the first signal asks, the second insists.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::task;

/// What SIGTERM and SIGINT have said so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals {
    asked: CancellationToken,
    insisted: CancellationToken,
}

impl Signals {
    /// Listens from now on.
    pub(crate) fn listen() -> io::Result<Self> {
        let signals = Self::default();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let heard = signals.clone();
        task::spawn("signals", async move {
            next(&mut terminate, &mut interrupt).await;
            heard.asked.cancel();
            next(&mut terminate, &mut interrupt).await;
            heard.insisted.cancel();
        });
        Ok(signals)
    }

    /// Done after the first signal.
    pub(crate) async fn asked(&self) {
        self.asked.cancelled().await;
    }

    /// Done after the second signal.
    pub(crate) async fn insisted(&self) {
        self.insisted.cancelled().await;
    }
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
