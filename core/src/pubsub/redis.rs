//! Redis, 6 or newer: `SUBSCRIBE` and `PUBLISH` over one connection, which its third protocol
//! allows.
//!
//! Of the driver's connections this is the plain one: those that mend themselves would not say
//! what was lost meanwhile.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ProtocolVersion, PushInfo, PushKind, RedisError,
    Value,
    aio::{MultiplexedConnection, SendError},
    io::tcp::{TcpSettings, socket2::TcpKeepalive},
};
use tokio::sync::mpsc;

use crate::{
    Error, Result,
    pubsub::{
        Options,
        broker::{Broker, Change, Connection, Incoming, Line, Topic},
    },
    settings::{ExposeSecret, SecretString},
};

/// Messages read ahead of the supervisor; one more ends the connection.
const AHEAD_MAX: usize = 4096;
/// After this a machine that has vanished is looked for.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(3);

/// A Redis server as a broker.
pub(super) struct Redis {
    client: Client,
    prefix: Arc<str>,
}

impl Redis {
    pub(super) fn new(url: &SecretString, options: &Options) -> Result<Self> {
        // The reason is dropped: it may quote the password.
        let client = url.expose_secret().parse().and_then(|it| Client::open(settled(&it)));
        let client = client.map_err(|_| {
            Error::broken(
                "ARTEL_CHAT__REDIS_URL cannot be read; write redis://user:password@host:6379, \
                 with rediss:// where it is encrypted",
            )
        })?;
        Ok(Self { client, prefix: format!("{}:", options.namespace).into() })
    }
}

impl Redis {
    /// Says in the server's list of clients whose connection it is; where that is forbidden, it
    /// stays without a name.
    async fn introduce(&self, mut connection: MultiplexedConnection) {
        let mut command = redis::cmd("CLIENT");
        command.arg("SETNAME").arg(self.prefix.trim_end_matches(':'));
        let _: Result<(), RedisError> = command.query_async(&mut connection).await;
    }
}

/// With the protocol that can listen and speak over one connection.
fn settled(info: &ConnectionInfo) -> ConnectionInfo {
    let keepalive = TcpKeepalive::new().with_time(KEEPALIVE_IDLE).with_interval(KEEPALIVE_INTERVAL);
    let redis = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    let tcp = TcpSettings::default().set_nodelay(true).set_keepalive(keepalive);
    info.clone().set_redis_settings(redis).set_tcp_settings(tcp)
}

impl Broker for Redis {
    fn name(&self) -> &'static str {
        "redis"
    }

    fn connect(&self) -> BoxFuture<'_, Result<Connection>> {
        async {
            let (ears, heard) = Ears::new(self.prefix.clone());
            // Time is limited by whoever waits.
            let config = AsyncConnectionConfig::new()
                .set_connection_timeout(None)
                .set_response_timeout(None)
                .set_push_sender(move |push| ears.hear(&push));
            let connection = self.client.get_multiplexed_async_connection_with_config(&config);
            let connection = connection.await.map_err(|it| failure(&it))?;
            self.introduce(connection.clone()).await;
            let line = Arc::new(RedisLine { connection, prefix: self.prefix.clone() });
            let heard = stream::unfold(heard, async |mut heard| {
                heard.recv().await.map(|it| (Ok(it), heard))
            });
            Ok(Connection { line, heard: heard.boxed() })
        }
        .boxed()
    }
}

/// Where the driver puts what the server pushes.
struct Ears {
    /// `None` after the end.
    told: Mutex<Option<mpsc::Sender<Incoming>>>,
    prefix: Arc<str>,
}

impl Ears {
    fn new(prefix: Arc<str>) -> (Self, mpsc::Receiver<Incoming>) {
        let (told, heard) = mpsc::channel(AHEAD_MAX);
        (Self { told: Mutex::new(Some(told)), prefix }, heard)
    }

    /// Never waits, for the driver would stand still: what finds no room ends the connection.
    fn hear(&self, push: &PushInfo) -> Result<(), SendError> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_heard = match (&push.kind, &*push.data) {
            (PushKind::Message, [Value::BulkString(channel), Value::BulkString(payload)]) => {
                let incoming = self.incoming(channel, payload);
                told.as_ref().is_some_and(|it| it.try_send(incoming).is_ok())
            }
            (PushKind::Disconnection, _) => false,
            _ => true,
        };
        if is_heard {
            return Ok(());
        }
        *told = None;
        Err(SendError)
    }

    fn incoming(&self, channel: &[u8], payload: &[u8]) -> Incoming {
        let channel = String::from_utf8_lossy(channel);
        let topic = channel.strip_prefix(&*self.prefix).unwrap_or(&channel).to_owned();
        Incoming { topic, payload: String::from_utf8_lossy(payload).into_owned() }
    }
}

struct RedisLine {
    connection: MultiplexedConnection,
    prefix: Arc<str>,
}

impl RedisLine {
    fn channels(&self, topics: &[Topic]) -> Vec<String> {
        topics.iter().map(|it| format!("{}{it}", self.prefix)).collect()
    }
}

impl Line for RedisLine {
    fn publish<'a>(&'a self, topic: &'a str, payload: &'a str) -> BoxFuture<'a, Result<()>> {
        async move {
            let mut command = redis::cmd("PUBLISH");
            command.arg(format!("{}{topic}", self.prefix)).arg(payload);
            let told = command.query_async(&mut self.connection.clone()).await;
            told.map_err(|it| failure(&it))
        }
        .boxed()
    }

    fn change<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<()>> {
        async move {
            let mut connection = self.connection.clone();
            // Without any channel, the command would mean all of them.
            if !change.unlisten.is_empty() {
                let channels = self.channels(&change.unlisten);
                connection.unsubscribe(channels).await.map_err(|it| failure(&it))?;
            }
            if !change.listen.is_empty() {
                let channels = self.channels(&change.listen);
                connection.subscribe(channels).await.map_err(|it| failure(&it))?;
            }
            Ok(())
        }
        .boxed()
    }
}

fn failure(error: &RedisError) -> Error {
    Error::unavailable(format!("Redis: {error}"))
}
