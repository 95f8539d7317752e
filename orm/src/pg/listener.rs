//! `LISTEN` and `NOTIFY` over a connection of its own, opened as those of the pool are and never
//! one of them: a full pool stops no notification.
//!
//! It ends when its connection does; whoever uses it opens another and must then look for itself
//! what it has missed, for the server keeps nothing for those who are not connected.
//!
//! **Invariant:** the connection is never inside a transaction that lasts, so it neither delays
//! its own notifications nor keeps the server from clearing its queue.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
    task::JoinHandle,
};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, types::Type};

use crate::{
    Error, Result,
    pg::{Failure, address::Address, spawn_quietly, tls::Tls},
};

/// The server cuts longer names off without a word.
const CHANNEL_BYTES_MAX: usize = 63;
/// Notifications read ahead of whoever listens; beyond them, reading waits.
const AHEAD_MAX: usize = 1024;

/// Speaks: says what to listen to, and notifies. Every statement may be sent beside others.
pub struct Listener {
    pub(super) client: Client,
}

/// Hears, in the order in which the server sends.
///
/// Whoever holds it must go on reading: what is not read holds up the answers to the [`Listener`].
pub struct Notifications {
    heard: mpsc::Receiver<Result<Notification>>,
    driver: Option<JoinHandle<()>>,
}

/// What somebody notified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// To what it was sent.
    pub channel: String,
    /// What was said; may be empty.
    pub payload: String,
}

impl Listener {
    /// Opens the connection.
    pub(super) async fn open(
        address: &Address,
        tls: &Tls,
        statement_timeout: Duration,
    ) -> Result<(Self, Notifications)> {
        let (client, notifications) = connect(&own_config(&address.config), tls)
            .await
            .map_err(|error| Failure::from(error).of_connecting())?;
        client.batch_execute(&session(statement_timeout)).await.map_err(Failure::from)?;
        Ok((Self { client }, notifications))
    }

    /// Begins to listen to some channels and ends it for others, in one round trip. Once this
    /// returns, all that is notified is heard.
    ///
    /// # Errors
    /// When a name cannot be one, the connection is broken, or the server refuses, as one that is
    /// a copy of another does.
    pub async fn listen(&self, channels: &[String], no_longer: &[String]) -> Result<()> {
        let mut sql = String::new();
        for (command, channels) in [("UNLISTEN", no_longer), ("LISTEN", channels)] {
            for channel in channels {
                check_channel(channel)?;
                sql.push_str(&format!("{command} \"{}\";", channel.replace('"', "\"\"")));
            }
        }
        Ok(self.client.batch_execute(&sql).await.map_err(Failure::from)?)
    }

    /// Tells all who listen to a channel, on this connection too. The payload is shorter than
    /// 8000 bytes.
    ///
    /// # Errors
    /// When the name cannot be one, the connection is broken, or the server refuses, as with a
    /// payload that is too long or a queue that is full.
    pub async fn notify(&self, channel: &str, payload: &str) -> Result<()> {
        check_channel(channel)?;
        let sql = "SELECT pg_notify($1, $2)";
        let values = [(&channel as _, Type::TEXT), (&payload as _, Type::TEXT)];
        self.client.query_typed(sql, &values).await.map_err(Failure::from)?;
        Ok(())
    }

    /// How full the server's queue of notifications is, of 1. One queue serves all its databases;
    /// when it is full, whoever notifies fails.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn queue_usage(&self) -> Result<f64> {
        let sql = "SELECT pg_notification_queue_usage()";
        let rows = self.client.query_typed(sql, &[]).await.map_err(Failure::from)?;
        let usage = rows.first().map(|it| it.try_get(0)).transpose().map_err(Failure::from)?;
        Ok(usage.unwrap_or_default())
    }
}

impl Notifications {
    /// Waits for the next; none is lost when the waiting is given up.
    ///
    /// # Errors
    /// When the connection has ended. There is nothing more to hear then.
    pub async fn next(&mut self) -> Result<Notification> {
        let ended = || Err(Error::unavailable("the connection that listens was closed"));
        self.heard.recv().await.unwrap_or_else(ended)
    }
}

impl Drop for Notifications {
    fn drop(&mut self) {
        // A peer that has vanished would keep it waiting.
        if let Some(driver) = &self.driver {
            driver.abort();
        }
    }
}

async fn connect(
    config: &Config,
    tls: &Tls,
) -> Result<(Client, Notifications), tokio_postgres::Error> {
    let (told, heard) = mpsc::channel(AHEAD_MAX);
    let (client, driver) = match tls.clone() {
        Tls::Plain => {
            let (client, connection) = config.connect(NoTls).await?;
            (client, spawn_quietly(drive(connection, told)))
        }
        Tls::Verified(tls) => {
            let (client, connection) = config.connect(tls).await?;
            (client, spawn_quietly(drive(connection, told)))
        }
    };
    Ok((client, Notifications { heard, driver }))
}

/// Works the connection off until it ends or nobody listens.
async fn drive<S, T>(
    mut connection: tokio_postgres::Connection<S, T>,
    told: mpsc::Sender<Result<Notification>>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut messages = stream::poll_fn(move |cx| connection.poll_message(cx));
    while let Some(message) = messages.next().await {
        let heard = match message {
            Ok(AsyncMessage::Notification(it)) => Ok(Notification {
                channel: it.channel().to_owned(),
                payload: it.payload().to_owned(),
            }),
            Ok(_) => continue,
            Err(error) => Err(Failure::from(error).into()),
        };
        if told.send(heard).await.is_err() {
            return;
        }
    }
}

/// The server's list of sessions tells it from those of the pool.
fn own_config(config: &Config) -> Config {
    let mut own = config.clone();
    let name = config.get_application_name().unwrap_or("artel");
    own.application_name(format!("{name} listener"));
    own
}

/// A notification holds a lock of the whole server while it is committed: it does not wait for
/// the disk meanwhile, for it is nothing that a crash may not lose.
fn session(statement_timeout: Duration) -> String {
    let statement_timeout_ms = statement_timeout.as_millis().max(1);
    format!("SET synchronous_commit = off; SET statement_timeout = {statement_timeout_ms}")
}

fn check_channel(channel: &str) -> Result<()> {
    if (1..=CHANNEL_BYTES_MAX).contains(&channel.len()) && !channel.contains('\0') {
        return Ok(());
    }
    Err(Error::broken(format!(
        "`{channel}` is no name of a channel; give it 1 to {CHANNEL_BYTES_MAX} bytes"
    )))
}
