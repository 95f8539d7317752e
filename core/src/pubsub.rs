//! Telling all processes of an installation something short, now: one trait, several brokers.
//!
//! It is a wake-up, not a store. What is told is heard at most once by each process that is
//! connected at that moment; where something may have been lost, every subscription hears
//! [`Heard::Gap`] instead, and looks for itself. `docs/PUBSUB.md` says what is promised.
//!
//! **Invariant:** a subscription that has heard everything since its last gap has heard
//! everything that was told since then.

mod broker;
mod options;
mod subscription;

mod audience;
mod supervised;
mod supervisor;

mod memory;
#[cfg(feature = "nats")]
mod nats;
mod pg;
#[cfg(feature = "redis")]
mod redis;

mod hints;

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use orm::{Database, Pool};

pub(crate) use crate::pubsub::options::is_namespace;
pub use crate::pubsub::{
    hints::{HintOptions, Hints, read_hints},
    memory::MemoryBroker,
    options::Options,
    subscription::{Heard, Subscription},
};
use crate::{
    Error, Result,
    pubsub::{broker::Broker, memory::Memory, supervised::Supervised},
    settings::{PubSubBroker, SecretString, Settings},
};

/// The longest payload, in bytes: what PostgreSQL carries, with a reserve. The others could carry
/// more; the limit is the same for all, so that one can be exchanged for another.
pub const PAYLOAD_BYTES_MAX: usize = 7_900;

/// The longest name of a topic, in bytes.
pub const TOPIC_BYTES_MAX: usize = 40;

/// Tells all processes, and hears what they tell.
pub trait PubSub: Send + Sync + 'static {
    /// Tells every process that listens to `topic`, this one too, at most once. What one caller
    /// tells one after the other is heard in that order. Never part of a transaction of the
    /// caller: call it after the commit.
    ///
    /// # Errors
    /// Unavailable when the broker is away or does not answer in time: within seconds, always.
    /// Broken when the topic is no name, or the payload is longer than [`PAYLOAD_BYTES_MAX`] or
    /// holds a zero byte.
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Listens to a topic, a name of `a` to `z`, `0` to `9` and `_`. It ends when what this gives
    /// is dropped. Nothing is waited for: the first gap says that listening has begun.
    ///
    /// # Errors
    /// Broken when the topic is no name.
    fn subscribe(&self, topic: &str) -> Result<Subscription>;

    /// Whether it is connected now, for readiness and for people.
    fn state(&self) -> State;

    /// Ends it: subscriptions end when they have been read, and nothing is told any more.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Whether a broker can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// What is told is heard, as far as the last heartbeat knows.
    Connected,
    /// It is not.
    Away {
        /// For how long.
        lasting: Duration,
        /// Why, for people.
        why: String,
    },
    /// It was closed.
    Closed,
}

/// The broker that the settings name; it is connected to beside the caller.
///
/// # Errors
/// When the address of the broker is missing or cannot be read.
pub fn connect(settings: &Settings, database: &Database) -> Result<Arc<dyn PubSub>> {
    let chat = &settings.chat;
    let options = Options { namespace: chat.pubsub_namespace.clone(), ..Options::default() };
    let given = |url: &Option<SecretString>, name: &str| {
        url.clone().ok_or_else(|| Error::broken(format!("{name} is missing; set it")))
    };
    match chat.pubsub {
        PubSubBroker::Pg => pg(database.pool().clone(), options),
        PubSubBroker::Redis => redis(&given(&chat.redis_url, "ARTEL_CHAT__REDIS_URL")?, options),
        PubSubBroker::Nats => nats(&given(&chat.nats_url, "ARTEL_CHAT__NATS_URL")?, options),
        PubSubBroker::Memory => memory(&MemoryBroker::new(), options),
    }
}

/// `LISTEN` and `NOTIFY` of the database behind `pool`, over a connection beside it.
///
/// # Errors
/// When the namespace is no name.
pub fn pg(pool: Pool, options: Options) -> Result<Arc<dyn PubSub>> {
    supervise(pg::Pg::new(pool, &options), options)
}

/// A Redis server, 6 or newer: `redis://user:password@host:6379`, or `rediss://` encrypted.
///
/// # Errors
/// When the address cannot be read, the namespace is no name, or the program was built without
/// the feature `redis`.
pub fn redis(url: &SecretString, options: Options) -> Result<Arc<dyn PubSub>> {
    #[cfg(feature = "redis")]
    return supervise(redis::Redis::new(url, &options)?, options);
    #[cfg(not(feature = "redis"))]
    Err(not_built("redis", (url, options)))
}

/// NATS servers, with commas between: `nats://user:password@host:4222`, or `tls://` encrypted.
///
/// # Errors
/// When an address cannot be read, the namespace is no name, or the program was built without
/// the feature `nats`.
pub fn nats(urls: &SecretString, options: Options) -> Result<Arc<dyn PubSub>> {
    #[cfg(feature = "nats")]
    return supervise(nats::Nats::new(urls, &options)?, options);
    #[cfg(not(feature = "nats"))]
    Err(not_built("nats", (urls, options)))
}

/// What happens in this process only; all that share a broker hear each other.
///
/// # Errors
/// When the namespace is no name.
pub fn memory(broker: &MemoryBroker, options: Options) -> Result<Arc<dyn PubSub>> {
    let namespace = options.namespace.clone();
    supervise(Memory { broker: broker.clone(), namespace }, options)
}

fn supervise(broker: impl Broker, options: Options) -> Result<Arc<dyn PubSub>> {
    options.check()?;
    Ok(Arc::new(Supervised::start(Arc::new(broker), options)))
}

#[cfg(not(all(feature = "redis", feature = "nats")))]
fn not_built<T>(feature: &str, _unused: T) -> Error {
    Error::broken(format!(
        "this program was built without `{feature}`; build artel_core with that feature, or set \
         ARTEL_CHAT__PUBSUB=pg"
    ))
}

/// Whether a topic is a name that every broker takes as it stands.
fn check_topic(topic: &str) -> Result<()> {
    if is_name(topic, TOPIC_BYTES_MAX) {
        return Ok(());
    }
    Err(Error::broken(format!(
        "`{topic}` is no name of a topic; write 1 to {TOPIC_BYTES_MAX} of a-z, 0-9 and _"
    )))
}

fn check_payload(payload: &str) -> Result<()> {
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(Error::broken(format!(
            "a payload of {} bytes is longer than the {PAYLOAD_BYTES_MAX} that a message may \
             have; split it, or tell only where the rest is found",
            payload.len()
        )));
    }
    if payload.contains('\0') {
        return Err(Error::broken(
            "a payload holds a zero byte, which PostgreSQL carries in no text; leave it out",
        ));
    }
    Ok(())
}

fn is_name(text: &str, bytes_max: usize) -> bool {
    let is_plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    (1..=bytes_max).contains(&text.len()) && text.bytes().all(is_plain)
}
