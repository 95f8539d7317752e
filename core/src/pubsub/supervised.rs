//! A broker as its users see it: kept connected by a supervisor beside them.
//!
//! **Invariant:** nobody waits for a broker that is away: telling something fails at once, and
//! within a time limit where the broker only does not answer.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::{
    sync::Semaphore,
    task::JoinHandle,
    time::{self, Instant},
};
use tokio_util::sync::CancellationToken;

use crate::{
    Error, Result,
    pubsub::{
        Options, PubSub, State, Subscription,
        audience::Audience,
        broker::{Broker, Line},
        check_payload, check_topic,
        supervisor::Supervisor,
    },
    task,
};

/// Messages on their way to the broker at a time; more wait, within their time.
const UNDER_WAY_MAX: usize = 64;

/// Tells and hears through whatever connection there is at the moment.
pub(super) struct Supervised {
    standing: Arc<Standing>,
    audience: Arc<Audience>,
    publish_patience: Duration,
    under_way: Semaphore,
    closing: CancellationToken,
    supervisor: Mutex<Option<JoinHandle<Option<()>>>>,
}

/// What the supervisor and the users know of the connection.
pub(super) struct Standing(Mutex<Known>);

enum Known {
    Connected(Arc<dyn Line>),
    Away { since: Instant, why: String },
    Closed,
}

impl Supervised {
    pub(super) fn start(broker: Arc<dyn Broker>, options: Options) -> Self {
        let standing = Arc::new(Standing::new());
        let audience = Arc::new(Audience::new(options.unread_max));
        let closing = CancellationToken::new();
        let publish_patience = options.publish_patience;
        let supervisor =
            Supervisor::new(broker, options, standing.clone(), audience.clone(), closing.clone());
        Self {
            standing,
            audience,
            publish_patience,
            under_way: Semaphore::new(UNDER_WAY_MAX),
            closing,
            supervisor: Mutex::new(Some(task::spawn("pubsub", supervisor.run()))),
        }
    }

    async fn tell(&self, topic: &str, payload: &str) -> Result<()> {
        let line = self.standing.line()?;
        // Whoever is given up still has its message in the driver's queue: not too many at once.
        let _turn = self.under_way.acquire().await;
        line.publish(topic, payload).await
    }
}

impl PubSub for Supervised {
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        async move {
            check_topic(topic)?;
            check_payload(payload)?;
            let told = time::timeout(self.publish_patience, self.tell(topic, payload)).await;
            told.unwrap_or_else(|_| Err(Error::unavailable("the broker does not answer in time")))?;
            metrics::counter!("artel_pubsub_published_total").increment(1);
            Ok(())
        }
        .boxed()
    }

    fn subscribe(&self, topic: &str) -> Result<Subscription> {
        check_topic(topic)?;
        Ok(self.audience.join(topic))
    }

    fn state(&self) -> State {
        match &*self.standing.known() {
            Known::Connected(_) => State::Connected,
            Known::Away { since, why } => {
                State::Away { lasting: since.elapsed(), why: why.clone() }
            }
            Known::Closed => State::Closed,
        }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            self.closing.cancel();
            let supervisor = self.supervisor.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(supervisor) = supervisor {
                let _ = supervisor.await;
            }
        }
        .boxed()
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

impl Standing {
    fn new() -> Self {
        let why = "it has not been reached yet".to_owned();
        Self(Mutex::new(Known::Away { since: Instant::now(), why }))
    }

    pub(super) fn connect(&self, line: Arc<dyn Line>) {
        *self.known() = Known::Connected(line);
        metrics::gauge!("artel_pubsub_connected").set(1);
    }

    /// It is away, still or again, for this reason; gives for how long.
    pub(super) fn lose(&self, why: String) -> Duration {
        metrics::gauge!("artel_pubsub_connected").set(0);
        let mut known = self.known();
        let since = match &*known {
            Known::Away { since, .. } => *since,
            Known::Connected(_) | Known::Closed => Instant::now(),
        };
        *known = Known::Away { since, why };
        since.elapsed()
    }

    pub(super) fn close(&self) {
        metrics::gauge!("artel_pubsub_connected").set(0);
        *self.known() = Known::Closed;
    }

    fn line(&self) -> Result<Arc<dyn Line>> {
        match &*self.known() {
            Known::Connected(line) => Ok(line.clone()),
            Known::Away { why, .. } => Err(Error::unavailable(format!("no broker: {why}"))),
            Known::Closed => Err(Error::unavailable("the broker's connection was closed")),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
