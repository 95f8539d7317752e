//! NATS, its core alone: nothing is stored there.
//!
//! The client would come back by itself after a loss and go on as if nothing had been missed, so
//! its first sign of a loss ends the connection here, and it is let go before it tries.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_nats::{Client, ConnectOptions, Event, Message, ServerAddr};
use futures_util::{
    FutureExt, Stream, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream, SelectAll},
};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    Error, Result,
    pubsub::{
        Options,
        broker::{Broker, Change, Connection, Incoming, Line, Topic},
    },
    settings::{ExposeSecret, SecretString},
};

/// Messages of one topic read ahead of the supervisor; one more ends the connection.
const AHEAD_MAX: usize = 4096;
/// How long the client waits before it would come back by itself; by then it has been let go.
const NEVER_QUITE: Duration = Duration::from_secs(30);

/// NATS servers as a broker.
pub(super) struct Nats {
    servers: Vec<ServerAddr>,
    prefix: Arc<str>,
}

impl Nats {
    pub(super) fn new(urls: &SecretString, options: &Options) -> Result<Self> {
        let servers = urls.expose_secret().split(',').map(|it| it.trim().parse());
        // The reason is dropped: it may quote the password.
        let servers = servers.collect::<Result<Vec<ServerAddr>, _>>().map_err(|_| {
            Error::broken(
                "ARTEL_CHAT__NATS_URL cannot be read; write nats://user:password@host:4222, with \
                 tls:// where it is encrypted, and commas between several servers",
            )
        })?;
        Ok(Self { servers, prefix: format!("{}.", options.namespace).into() })
    }

    fn options(&self, loss: &Arc<Loss>) -> ConnectOptions {
        let (loss, tries) = (loss.clone(), AtomicUsize::new(0));
        let first = self.servers.len();
        ConnectOptions::new()
            .name("artel")
            .ignore_discovered_servers()
            .subscription_capacity(AHEAD_MAX)
            .max_reconnects(first)
            .reconnect_delay_callback(move |_| {
                match tries.fetch_add(1, Ordering::Relaxed) < first {
                    true => Duration::ZERO,
                    false => NEVER_QUITE,
                }
            })
            .event_callback(move |event| {
                loss.note(&event);
                async {}
            })
    }
}

impl Broker for Nats {
    fn name(&self) -> &'static str {
        "nats"
    }

    fn connect(&self) -> BoxFuture<'_, Result<Connection>> {
        async {
            let loss = Arc::<Loss>::default();
            let client = self.options(&loss).connect(&*self.servers).await;
            let client = client.map_err(|it| Error::unavailable(format!("NATS: {it}")))?;
            let (added, new) = mpsc::unbounded_channel();
            let line =
                NatsLine { client, prefix: self.prefix.clone(), ends: Mutex::default(), added };
            let ended = loss.token.clone().cancelled_owned();
            let why = stream::once(async move { Err(loss.error()) });
            let heard = merged(new).map(Ok).take_until(ended).chain(why).boxed();
            Ok(Connection { line: Arc::new(line), heard })
        }
        .boxed()
    }
}

/// The first sign that something was lost, or may have been.
#[derive(Default)]
struct Loss {
    token: CancellationToken,
    why: OnceLock<String>,
}

impl Loss {
    fn note(&self, event: &Event) {
        if !matches!(event, Event::Connected | Event::LameDuckMode) {
            let _ = self.why.set(event.to_string());
            self.token.cancel();
        }
    }

    fn error(&self) -> Error {
        let why = self.why.get().map_or("the connection was closed", String::as_str);
        Error::unavailable(format!("NATS: {why}"))
    }
}

/// What is heard of all topics, those included that are added meanwhile.
fn merged(
    new: mpsc::UnboundedReceiver<BoxStream<'static, Incoming>>,
) -> impl Stream<Item = Incoming> {
    stream::unfold((new, SelectAll::new()), async |(mut new, mut all)| {
        loop {
            tokio::select! {
                Some(topic) = new.recv() => all.push(topic),
                Some(incoming) = all.next() => return Some((incoming, (new, all))),
                else => return None,
            }
        }
    })
}

struct NatsLine {
    client: Client,
    prefix: Arc<str>,
    /// Dropped, a topic is no longer listened to.
    ends: Mutex<HashMap<Topic, DropGuard>>,
    added: mpsc::UnboundedSender<BoxStream<'static, Incoming>>,
}

impl NatsLine {
    async fn listen(&self, topic: &Topic) -> Result<()> {
        if self.ends().contains_key(topic) {
            return Ok(());
        }
        let subscribed = self.client.subscribe(format!("{}{topic}", self.prefix)).await;
        let subscriber = subscribed.map_err(|it| Error::unavailable(format!("NATS: {it}")))?;
        let ended = CancellationToken::new();
        let name = topic.clone();
        let incoming = move |it: Message| Incoming {
            topic: name.to_string(),
            payload: String::from_utf8_lossy(&it.payload).into_owned(),
        };
        let messages = subscriber.map(incoming).take_until(ended.clone().cancelled_owned());
        // Nobody takes it when the connection was given up meanwhile.
        let _ = self.added.send(messages.boxed());
        self.ends().insert(topic.clone(), ended.drop_guard());
        Ok(())
    }

    fn ends(&self) -> MutexGuard<'_, HashMap<Topic, DropGuard>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line for NatsLine {
    /// Done when it has been handed to the system; the server acknowledges nothing.
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        async move {
            let subject = format!("{}{topic}", self.prefix);
            let told = self.client.publish(subject, payload.to_owned().into()).await;
            told.map_err(|it| Error::unavailable(format!("NATS: {it}")))?;
            let sent = self.client.flush().await;
            sent.map_err(|it| Error::unavailable(format!("NATS: {it}")))
        }
        .boxed()
    }

    fn change<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<()>> {
        async {
            self.ends().retain(|topic, _| !change.unlisten.contains(topic));
            for topic in &change.listen {
                self.listen(topic).await?;
            }
            Ok(())
        }
        .boxed()
    }
}
