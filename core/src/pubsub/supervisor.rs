//! Keeps one connection to a broker: connects, listens, proves that it hears, and begins again
//! when anything of that fails.
//!
//! The proof is a round: what topics have changed is told to the broker, then a message to
//! oneself is sent, and when it comes back through the same connection, those topics are in
//! force. A round without a change is the heartbeat. So no answer of a broker is taken on trust,
//! not even that it listens: a pooler between that swallows it is found out like a dead one.
//!
//! **Invariant:** there is one connection and one round at a time; a topic counts as in force
//! only on the connection that has proved it.

use std::{collections::HashSet, error, future, sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Error, ErrorKind, Result,
    pubsub::{
        Options,
        audience::{Audience, Reason},
        broker::{Broker, Change, Connection, Incoming, Line, Topic},
        supervised::Standing,
    },
};

/// The task that keeps the connection.
pub(super) struct Supervisor {
    broker: Arc<dyn Broker>,
    options: Options,
    standing: Arc<Standing>,
    audience: Arc<Audience>,
    closing: CancellationToken,
    /// What nobody else listens to.
    own_topic: Topic,
    /// Of all connections: what an old one has left on its way proves nothing of a new one.
    rounds: u64,
    /// Whether there has been a connection.
    has_connected: bool,
    /// Whether the log has this outage.
    is_said: bool,
}

/// Why a connection was given up.
struct Lost {
    reason: Reason,
    why: String,
}

/// One connection, and what has been asked of it.
struct Held {
    line: Arc<dyn Line>,
    heard: BoxStream<'static, Result<Incoming>>,
    asked: HashSet<Topic>,
    /// Since it has proved that it hears.
    proven: Option<Instant>,
    next_beat: Instant,
}

/// A change and the message that proves it.
struct Round {
    number: String,
    began: Instant,
    listening: Vec<Topic>,
    /// `None` when it was sent.
    sending: Option<BoxFuture<'static, Result<()>>>,
    is_heard: bool,
}

impl Supervisor {
    pub(super) fn new(
        broker: Arc<dyn Broker>,
        options: Options,
        standing: Arc<Standing>,
        audience: Arc<Audience>,
        closing: CancellationToken,
    ) -> Self {
        Self {
            broker,
            options,
            standing,
            audience,
            closing,
            own_topic: format!("beat_{}", Uuid::new_v4().simple()).into(),
            rounds: 0,
            has_connected: false,
            is_said: false,
        }
    }

    /// Runs until it is closed.
    pub(super) async fn run(mut self) {
        metrics::gauge!("artel_pubsub_connected").set(0);
        let closing = self.closing.clone();
        closing.run_until_cancelled(self.keep()).await;
    }

    /// One connection after the other.
    async fn keep(&mut self) {
        let mut attempts = 0;
        loop {
            let (lost, lived) = self.serve().await;
            // One that breaks as soon as it stands is as good as none.
            if lived.is_some_and(|it| it > self.options.pause[1]) {
                attempts = 0;
            }
            self.audience.interrupt(lost.reason);
            self.note(&lost);
            time::sleep(self.options.pause_after(attempts)).await;
            attempts = attempts.saturating_add(1);
        }
    }

    /// Opens a connection and uses it until it is lost; gives how long it was good.
    async fn serve(&mut self) -> (Lost, Option<Duration>) {
        let opened = time::timeout(self.options.connect_patience, self.broker.connect()).await;
        let connection = match opened {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return (Lost::broken(&error), None),
            Err(_) => return (Lost::silent("nobody answers in time"), None),
        };
        let mut held = Held::new(connection);
        let lost = self.listen(&mut held).await;
        (lost, held.proven.map(|it| it.elapsed()))
    }

    async fn listen(&mut self, held: &mut Held) -> Lost {
        let mut round: Option<Round> = Some(self.begin(held));
        loop {
            let limit = match &round {
                Some(round) => round.began + self.options.beat_patience,
                None => held.next_beat,
            };
            tokio::select! {
                incoming = held.heard.next() => match incoming {
                    Some(Ok(incoming)) => self.hear(&incoming, round.as_mut()),
                    Some(Err(error)) => return Lost::broken(&error),
                    None => return Lost::closed(),
                },
                sent = sent(&mut round) => if let Err(error) = sent {
                    return Lost::broken(&error);
                },
                () = self.audience.changed(), if round.is_none() => {
                    round = Some(self.begin(held));
                }
                () = time::sleep_until(limit) => match round {
                    Some(_) => return Lost::silent(
                        "what is told is not heard back; it does not answer, or something \
                         between, such as a pooler of transactions, keeps it from listening",
                    ),
                    None => round = Some(self.begin(held)),
                },
            }
            if let Some(over) = round.take_if(|it| it.is_over()) {
                round = self.end(held, &over);
            }
        }
    }

    /// Tells the broker what has changed, and oneself that one is there.
    fn begin(&mut self, held: &mut Held) -> Round {
        let mut change = self.audience.change_from(&held.asked);
        // It has no subscription, so it looks unwanted and is not.
        change.unlisten.retain(|it| *it != self.own_topic);
        if !held.asked.contains(&self.own_topic) {
            change.listen.push(self.own_topic.clone());
        }
        held.ask(&change);
        self.rounds += 1;
        let number = self.rounds.to_string();
        let (line, own_topic) = (held.line.clone(), self.own_topic.clone());
        let listening = change.listen.clone();
        let sending = {
            let number = number.clone();
            async move {
                if !change.is_empty() {
                    line.change(&change).await?;
                }
                line.beat(&own_topic, &number).await
            }
        };
        let sending = Some(sending.boxed());
        Round { number, began: Instant::now(), listening, sending, is_heard: false }
    }

    fn hear(&self, incoming: &Incoming, round: Option<&mut Round>) {
        if *incoming.topic != *self.own_topic {
            metrics::counter!("artel_pubsub_heard_total").increment(1);
            self.audience.tell(&incoming.topic, &incoming.payload);
        } else if let Some(round) = round.filter(|it| it.number == incoming.payload) {
            metrics::histogram!("artel_pubsub_heartbeat_seconds").record(round.began.elapsed());
            round.is_heard = true;
        }
    }

    /// Its topics are in force; gives the next round where more has changed meanwhile.
    fn end(&mut self, held: &mut Held, round: &Round) -> Option<Round> {
        let reason = match held.proven {
            None if self.has_connected => Reason::Reconnected,
            _ => Reason::Subscribed,
        };
        if held.proven.is_none() {
            held.proven = Some(Instant::now());
            self.welcome(held);
        }
        self.audience.begin(&round.listening, reason);
        held.next_beat = round.began + self.options.beat_every;
        let has_changed = self.audience.changed().now_or_never().is_some();
        has_changed.then(|| self.begin(held))
    }

    fn welcome(&mut self, held: &Held) {
        if self.is_said {
            tracing::info!(broker = self.broker.name(), "the broker is back");
        }
        if self.has_connected {
            metrics::counter!("artel_pubsub_reconnects_total").increment(1);
        }
        (self.has_connected, self.is_said) = (true, false);
        self.standing.connect(held.line.clone());
    }

    /// The log has an outage once, however often it is tried to end it.
    fn note(&mut self, lost: &Lost) {
        let lasting = self.standing.lose(lost.why.clone());
        let (broker, why) = (self.broker.name(), &lost.why);
        if self.is_said {
            tracing::debug!(broker, why, ?lasting, "the broker is still away");
        } else {
            tracing::warn!(
                broker,
                why,
                "the broker is away; what is told meanwhile is lost, and listeners look for \
                 themselves"
            );
        }
        self.is_said = true;
    }
}

/// However it ends, also by a panic: nobody waits for what will not come.
impl Drop for Supervisor {
    fn drop(&mut self) {
        self.standing.close();
        self.audience.close();
    }
}

impl Lost {
    fn broken(error: &Error) -> Self {
        Self { reason: Reason::Disconnected, why: why(error) }
    }

    fn closed() -> Self {
        Self { reason: Reason::Disconnected, why: "the connection was closed".to_owned() }
    }

    fn silent(why: &str) -> Self {
        Self { reason: Reason::Heartbeat, why: why.to_owned() }
    }
}

impl Held {
    fn new(connection: Connection) -> Self {
        let Connection { line, heard } = connection;
        let asked = HashSet::new();
        Self { line, heard, asked, proven: None, next_beat: Instant::now() }
    }

    fn ask(&mut self, change: &Change) {
        self.asked.retain(|it| !change.unlisten.contains(it));
        self.asked.extend(change.listen.iter().cloned());
    }
}

impl Round {
    fn is_over(&self) -> bool {
        self.is_heard && self.sending.is_none()
    }
}

/// Waits until what a round says has been sent; for ever where nothing is to be sent.
async fn sent(round: &mut Option<Round>) -> Result<()> {
    let Some(sending) = round.as_mut().and_then(|it| it.sending.as_mut()) else {
        return future::pending().await;
    };
    let done = sending.await;
    if let Some(round) = round {
        round.sending = None;
    }
    done
}

/// What went wrong, down to the cause, for people.
fn why(error: &Error) -> String {
    let mut text = match error.kind() {
        ErrorKind::Data(data) => match data.kind() {
            orm::ErrorKind::Unavailable(reason) => reason.to_string(),
            _ => data.to_string(),
        },
        _ => error.to_string(),
    };
    let mut cause = error::Error::source(error);
    while let Some(it) = cause {
        text.push_str(": ");
        text.push_str(&it.to_string());
        cause = it.source();
    }
    text
}
