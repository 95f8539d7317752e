//! What a broker has to be able to do; everything else is the supervisor's.
//!
//! **Invariant:** a connection does not mend itself. When anything of it is lost, its stream ends
//! or fails, and another is made: a broker that comes back in silence would hide what was missed.

use std::sync::Arc;

use futures_util::{future::BoxFuture, stream::BoxStream};

use crate::Result;

/// Carries messages between processes.
pub(super) trait Broker: Send + Sync + 'static {
    /// Its name in settings and in the log.
    fn name(&self) -> &'static str;

    /// Opens one connection.
    fn connect(&self) -> BoxFuture<'_, Result<Connection>>;
}

/// A connection to a broker; dropped, it is closed.
pub(super) struct Connection {
    pub(super) line: Arc<dyn Line>,
    /// Whatever is heard; it fails once, and has ended then.
    pub(super) heard: BoxStream<'static, Result<Incoming>>,
}

/// The speaking half of a connection, used by many at a time.
pub(super) trait Line: Send + Sync + 'static {
    /// Tells all who listen.
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Listens to other topics. Asked again for what it listens to already, it changes nothing.
    fn change<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<()>>;

    /// Tells oneself that one is there.
    fn beat<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        self.publish(topic, payload)
    }
}

/// Which topics are wanted from now on, and which no longer.
#[derive(Default)]
pub(super) struct Change {
    pub(super) listen: Vec<Topic>,
    pub(super) unlisten: Vec<Topic>,
}

/// The name of a topic, without the namespace.
pub(super) type Topic = Arc<str>;

/// A message as it came in.
pub(super) struct Incoming {
    pub(super) topic: String,
    pub(super) payload: String,
}

impl Change {
    pub(super) fn is_empty(&self) -> bool {
        self.listen.is_empty() && self.unlisten.is_empty()
    }
}
