//! A broker inside this process: for one process alone, and for tests, which can have it fail in
//! the ways in which real ones do.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt, StreamExt, future, future::BoxFuture, stream};
use tokio::sync::mpsc;

use crate::{
    Error, Result,
    pubsub::broker::{Broker, Change, Connection, Incoming, Line, Topic},
};

/// Messages read ahead of the supervisor; one more ends the connection.
const AHEAD_MAX: usize = 1024;

/// Whoever connects to the same one, or to a clone, hears the others.
#[derive(Clone, Default)]
pub struct MemoryBroker(Arc<Mutex<Desk>>);

#[derive(Default)]
struct Desk {
    connected: HashMap<u64, Listening>,
    count: u64,
    carries: Carries,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Carries {
    #[default]
    Everything,
    /// It takes everything and answers nothing.
    Nothing,
    /// It refuses connections.
    NoConnections,
}

struct Listening {
    topics: HashSet<String>,
    told: mpsc::Sender<Incoming>,
}

impl MemoryBroker {
    /// One that nobody is connected to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends every connection, as one that is restarted does.
    pub fn sever(&self) {
        self.desk().connected.clear();
    }

    /// Ends every connection and refuses new ones.
    pub fn cut(&self) {
        let mut desk = self.desk();
        desk.carries = Carries::NoConnections;
        desk.connected.clear();
    }

    /// Keeps its connections, and says nothing any more.
    pub fn swallow(&self) {
        self.desk().carries = Carries::Nothing;
    }

    /// Works again. Connections of which it has swallowed something are ended.
    pub fn restore(&self) {
        let mut desk = self.desk();
        if desk.carries == Carries::Nothing {
            desk.connected.clear();
        }
        desk.carries = Carries::Everything;
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The broker for the installation of one namespace.
pub(super) struct Memory {
    pub(super) broker: MemoryBroker,
    pub(super) namespace: String,
}

impl Broker for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn connect(&self) -> BoxFuture<'_, Result<Connection>> {
        let mut desk = self.broker.desk();
        match desk.carries {
            Carries::Everything => {}
            Carries::Nothing => return future::pending().boxed(),
            Carries::NoConnections => {
                return future::ready(Err(Error::unavailable("it was cut"))).boxed();
            }
        }
        let (told, heard) = mpsc::channel(AHEAD_MAX);
        desk.count += 1;
        let number = desk.count;
        desk.connected.insert(number, Listening { topics: HashSet::new(), told });
        let prefix = format!("{}.", self.namespace);
        let line = MemoryLine { broker: self.broker.clone(), prefix: prefix.clone(), number };
        let heard = stream::unfold((heard, prefix), async |(mut heard, prefix)| {
            let Incoming { topic, payload } = heard.recv().await?;
            let topic = topic.strip_prefix(&prefix).unwrap_or(&topic).to_owned();
            Some((Ok(Incoming { topic, payload }), (heard, prefix)))
        });
        future::ready(Ok(Connection { line: Arc::new(line), heard: heard.boxed() })).boxed()
    }
}

struct MemoryLine {
    broker: MemoryBroker,
    prefix: String,
    number: u64,
}

impl MemoryLine {
    /// What `act` makes of the broker; or no answer, or that there is no connection.
    fn ask(&self, act: impl FnOnce(&mut Desk)) -> BoxFuture<'static, Result<()>> {
        let mut desk = self.broker.desk();
        if !desk.connected.contains_key(&self.number) {
            return future::ready(Err(Error::unavailable("the connection was cut"))).boxed();
        }
        if desk.carries == Carries::Nothing {
            return future::pending().boxed();
        }
        act(&mut desk);
        future::ready(Ok(())).boxed()
    }

    fn channel(&self, topic: &str) -> String {
        format!("{}{topic}", self.prefix)
    }

    fn channels(&self, topics: &[Topic]) -> Vec<String> {
        topics.iter().map(|it| self.channel(it)).collect()
    }
}

impl Line for MemoryLine {
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        let channel = self.channel(topic);
        self.ask(|desk| desk.tell(&channel, payload))
    }

    fn change<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<()>> {
        let (listen, unlisten) = (self.channels(&change.listen), self.channels(&change.unlisten));
        self.ask(|desk| {
            if let Some(own) = desk.connected.get_mut(&self.number) {
                own.topics.retain(|it| !unlisten.contains(it));
                own.topics.extend(listen);
            }
        })
    }
}

impl Drop for MemoryLine {
    fn drop(&mut self) {
        self.broker.desk().connected.remove(&self.number);
    }
}

impl Desk {
    /// To all who listen. Nobody is waited for: who does not keep up is cut off, and notices.
    fn tell(&mut self, channel: &str, payload: &str) {
        self.connected.retain(|_, it| {
            let incoming = || Incoming { topic: channel.to_owned(), payload: payload.to_owned() };
            !it.topics.contains(channel) || it.told.try_send(incoming()).is_ok()
        });
    }
}
