//! Delivers what modules have sent of records: after the commit, at least once, in order.
//!
//! One worker a process, however many processes: each takes the oldest message that nobody else
//! is delivering. A message that fails is tried again, later each time, and parked when it has
//! failed too often; what was sent of the same record afterwards waits behind it.
//!
//! **Invariant:** the order of a record's messages is kept; one that cannot be delivered holds up
//! the rest until somebody has it retried or dropped.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use futures_util::{FutureExt, future::BoxFuture};
use orm::{
    Session,
    engine::{self, Delivery},
};
use tokio::{
    task::JoinHandle,
    time::{self, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use crate::{App, Error, Phase, Result, Service, http::code_of, task};

/// Tells others what a message says. What it writes through the session is committed with the end
/// of the delivery; what it does elsewhere may be done twice.
pub type Deliver = for<'a> fn(&'a Session, &'a Delivery) -> BoxFuture<'a, Result<()>>;

/// How often the table is looked at when nobody rings.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often it is counted, in looks.
const COUNT_EVERY: u64 = 15;

/// How long one delivery may take: it holds a connection and a transaction.
const LIMIT: Duration = Duration::from_secs(30);

/// How often a message is tried.
const ATTEMPTS_MAX: i64 = 16;

/// The longest pause between two attempts; the first is a second, each later one twice as long.
const PAUSE_MAX_S: i64 = 60 * 60;

/// Who handles which topic.
#[derive(Default)]
pub(crate) struct Handlers(BTreeMap<&'static str, Deliver>);

/// The topics that modules handle and send, as they say it.
#[derive(Default)]
pub(crate) struct Topics {
    pub(crate) handled: Vec<(&'static str, &'static str, Deliver)>,
    pub(crate) sent: Vec<(&'static str, &'static str)>,
}

impl Topics {
    /// Who handles what.
    ///
    /// # Errors
    /// A line for each topic that two handle, or that is sent and nobody handles.
    pub(crate) fn handlers(&self) -> Result<Handlers, Vec<String>> {
        let mut handlers: BTreeMap<&str, (&str, Deliver)> = BTreeMap::new();
        let mut faults = Vec::new();
        for &(module, topic, deliver) in &self.handled {
            if let Some((other, _)) = handlers.insert(topic, (module, deliver)) {
                faults.push(format!(
                    "module `{module}` handles the topic `{topic}`, which module `{other}` handles \
                     already; give one of them another topic"
                ));
            }
        }
        for (module, topic) in &self.sent {
            if !handlers.contains_key(topic) {
                faults.push(format!(
                    "module `{module}` sends the topic `{topic}`, which nobody handles; write \
                     `to.outbox(\"{topic}\", …)` in the setup of a module"
                ));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Handlers(handlers.into_iter().map(|(topic, (_, it))| (topic, it)).collect()))
    }
}

/// Delivers as long as the environment serves.
pub(crate) struct Outbox {
    handlers: Arc<Handlers>,
    running: Mutex<Option<(CancellationToken, JoinHandle<Option<()>>)>>,
}

impl Outbox {
    pub(crate) fn new(handlers: Handlers) -> Self {
        Self { handlers: Arc::new(handlers), running: Mutex::default() }
    }
}

impl Service for Outbox {
    fn name(&self) -> &'static str {
        "outbox"
    }

    fn phase(&self) -> Phase {
        Phase::AfterRouter
    }

    fn start<'a>(&'a self, app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            let Ok(database) = app.database() else { return Ok(()) };
            let session = Session::system(database, "deliver the outbox").with_host(app.clone());
            let stopped = CancellationToken::new();
            let post = Post { app: app.clone(), session, handlers: self.handlers.clone() };
            let worker = task::spawn("outbox", post.work(stopped.clone()));
            *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some((stopped, worker));
            Ok(())
        })
    }

    /// What is being delivered is delivered.
    fn stop<'a>(&'a self, _app: &'a Arc<App>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some((stopped, worker)) = running {
                stopped.cancel();
                let _ = worker.await;
            }
            Ok(())
        })
    }
}

/// Who delivers.
struct Post {
    app: Arc<App>,
    session: Session,
    handlers: Arc<Handlers>,
}

impl Post {
    /// Looks when somebody rings, and each second: other processes send, too.
    async fn work(self, stopped: CancellationToken) {
        let bell = self.session.database().outbox_bell().clone();
        let mut ticks = time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut is_failing, mut looks) = (false, 0_u64);
        loop {
            tokio::select! {
                () = stopped.cancelled() => return,
                _ = ticks.tick() => {}
                () = bell.notified() => {}
            }
            let mut done = self.deliver_all(&stopped).await;
            if looks.is_multiple_of(COUNT_EVERY) {
                done = done.and(self.count().await);
            }
            looks += 1;
            // Said once: the database says every second that it is away.
            if let (Err(error), false) = (&done, is_failing) {
                tracing::warn!(%error, "the outbox cannot be delivered");
            }
            is_failing = done.is_err();
        }
    }

    /// One after the other, until there is none that is due.
    async fn deliver_all(&self, stopped: &CancellationToken) -> Result<()> {
        while !stopped.is_cancelled() {
            let session = self.session.at(self.app.clock.now());
            let handlers = &*self.handlers;
            let tried =
                engine::deliver_next(&session, async |tx, it| handlers.deliver(tx, it).await);
            let Some((delivery, delivered)) = tried.await? else { return Ok(()) };
            match delivered {
                Ok(()) => metrics::counter!("artel_outbox_delivered_total").increment(1),
                Err(error) => self.note_failure(&session, &delivery, &error).await?,
            }
        }
        Ok(())
    }

    /// Says why, and when it is tried again.
    async fn note_failure(
        &self,
        session: &Session,
        delivery: &Delivery,
        error: &Error,
    ) -> Result<()> {
        metrics::counter!("artel_outbox_failures_total").increment(1);
        let code = match self.handlers.0.contains_key(&*delivery.topic) {
            true => code_of(error),
            false => "no_handler".to_owned(),
        };
        let Delivery { id, topic, model, record_id, attempts, .. } = delivery;
        let is_last = attempts + 1 >= ATTEMPTS_MAX;
        let due_at = (!is_last).then(|| session.now() + pause(*attempts));
        if is_last {
            tracing::error!(
                id, topic, model, record_id, code, %error,
                "a message is parked after {ATTEMPTS_MAX} attempts, and what was sent of its \
                 record afterwards waits; see `artel outbox list`"
            );
        } else {
            tracing::warn!(id, topic, model, record_id, code, %error, "a message failed");
        }
        Ok(engine::keep_failure(session, delivery, &code, due_at).await?)
    }

    async fn count(&self) -> Result<()> {
        let found = engine::outbox(&self.session).await?;
        #[expect(clippy::cast_precision_loss, reason = "a gauge is no ledger")]
        let [waiting, failed] = [found.waiting as f64, found.failed as f64];
        metrics::gauge!("artel_outbox_waiting").set(waiting);
        metrics::gauge!("artel_outbox_failed").set(failed);
        Ok(())
    }
}

impl Handlers {
    /// In time, and alive: a panic is a failure of this message alone.
    async fn deliver(&self, session: &Session, delivery: &Delivery) -> Result<()> {
        let topic = &*delivery.topic;
        let Some(handler) = self.0.get(topic) else {
            return Err(Error::broken(format!(
                "nobody handles the topic `{topic}`; write `to.outbox(\"{topic}\", …)` in the \
                 setup of a module, or drop the message: `artel outbox drop {}`",
                delivery.id
            )));
        };
        let delivered = AssertUnwindSafe(async { handler(session, delivery).await }).catch_unwind();
        match time::timeout(LIMIT, delivered).await {
            Ok(Ok(delivered)) => delivered,
            Ok(Err(panic)) => {
                Err(Error::broken(format!("its handler panicked: {}", task::panic_text(&*panic))))
            }
            Err(_) => Err(Error::unavailable(format!("its handler took longer than {LIMIT:?}"))),
        }
    }
}

/// How long a message waits that has been tried so often before.
fn pause(attempts: i64) -> TimeDelta {
    let doubled = u32::try_from(attempts).ok().and_then(|it| 1_i64.checked_shl(it));
    let seconds = doubled.filter(|it| (1..PAUSE_MAX_S).contains(it)).unwrap_or(PAUSE_MAX_S);
    TimeDelta::seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds = |it| pause(it).num_seconds();
        assert_eq!(
            [0, 1, 2, 11, 12, 16, 63, 64, i64::MAX].map(seconds),
            [1, 2, 4, 2048, 3600, 3600, 3600, 3600, 3600]
        );
    }

    #[test]
    fn a_topic_has_one_handler_and_what_is_sent_has_one() {
        let nothing: Deliver = |_, _| Box::pin(async { Ok(()) });
        let topics = Topics {
            handled: vec![("shop", "sold", nothing), ("stock", "sold", nothing)],
            sent: vec![("shop", "sold"), ("shop", "lost")],
        };
        let faults = topics.handlers().err().unwrap();
        assert_eq!(
            faults,
            [
                "module `stock` handles the topic `sold`, which module `shop` handles already; give \
             one of them another topic",
                "module `shop` sends the topic `lost`, which nobody handles; write \
             `to.outbox(\"lost\", …)` in the setup of a module",
            ]
        );
    }
}
