//! PostgreSQL's `LISTEN` and `NOTIFY`: nothing to install beside the database.
//!
//! Hearing and telling share one connection beside the pool. Through the pool, a process whose
//! connections are all busy would be silent just when it has the most to tell; and what goes
//! through the connection that is watched by the heartbeat is known to arrive.

use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use orm::{Listener, Notification, Notifications, Pool};
use tokio::try_join;

use crate::{
    Result,
    pubsub::{
        Options,
        broker::{Broker, Change, Connection, Incoming, Line, Topic},
    },
};

/// The database as a broker.
pub(super) struct Pg {
    pool: Pool,
    prefix: Arc<str>,
}

impl Pg {
    pub(super) fn new(pool: Pool, options: &Options) -> Self {
        Self { pool, prefix: format!("{}_", options.namespace).into() }
    }
}

impl Broker for Pg {
    fn name(&self) -> &'static str {
        "pg"
    }

    fn connect(&self) -> BoxFuture<'_, Result<Connection>> {
        async {
            let (listener, notifications) = self.pool.listener().await?;
            let line = Arc::new(PgLine { listener, prefix: self.prefix.clone() });
            let heard = heard(notifications, self.prefix.clone()).boxed();
            Ok(Connection { line, heard })
        }
        .boxed()
    }
}

/// What comes in, up to the first failure.
fn heard(
    notifications: Notifications,
    prefix: Arc<str>,
) -> impl stream::Stream<Item = Result<Incoming>> {
    stream::unfold(Some((notifications, prefix)), async |open| {
        let (mut notifications, prefix) = open?;
        match notifications.next().await {
            Ok(it) => Some((Ok(incoming(it, &prefix)), Some((notifications, prefix)))),
            Err(error) => Some((Err(error.into()), None)),
        }
    })
}

fn incoming(notification: Notification, prefix: &str) -> Incoming {
    let Notification { channel, payload } = notification;
    let topic = channel.strip_prefix(prefix).unwrap_or(&channel).to_owned();
    Incoming { topic, payload }
}

struct PgLine {
    listener: Listener,
    prefix: Arc<str>,
}

impl PgLine {
    fn channel(&self, topic: &str) -> String {
        format!("{}{topic}", self.prefix)
    }

    fn channels(&self, topics: &[Topic]) -> Vec<String> {
        topics.iter().map(|it| self.channel(it)).collect()
    }
}

impl Line for PgLine {
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        async { Ok(self.listener.notify(&self.channel(topic), payload).await?) }.boxed()
    }

    fn change<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<()>> {
        let (listen, unlisten) = (self.channels(&change.listen), self.channels(&change.unlisten));
        async move { Ok(self.listener.listen(&listen, &unlisten).await?) }.boxed()
    }

    fn beat<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        async {
            let channel = self.channel(topic);
            let beat = self.listener.notify(&channel, payload);
            let ((), usage) = try_join!(beat, self.listener.queue_usage())?;
            metrics::gauge!("artel_pubsub_queue_usage").set(usage);
            Ok(())
        }
        .boxed()
    }
}
