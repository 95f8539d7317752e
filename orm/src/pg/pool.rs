//! The pool: a bounded number of connections, opened when they are needed.
//!
//! **Invariant:** nobody waits longer than the acquire timeout, whether for a connection to come
//! back or for a new one to be opened.

use std::{
    fmt,
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use deadpool::managed::{self, PoolError};
use tokio::time;

use crate::{
    Error, Result,
    pg::{
        Conn, Failure, Listener, Notifications, Unreachable, address::Address,
        connections::Connections, tls::Tls,
    },
};

const CONNECTIONS_PER_CORE: usize = 4;
/// Connections of the server that are left to people and to other programs.
const CONNECTIONS_LEFT: usize = 10;
/// Processes of one installation that should fit on one server.
const PROCESSES: usize = 4;

/// How a pool reaches its database and how long it waits.
#[derive(Clone)]
pub struct PoolOptions {
    /// `postgres://user:password@host:5432/database`, or `key=value` pairs.
    pub url: String,
    /// Connections at most. `None`: 4 per core, and not more than a fair share of what the
    /// server allows, which it is asked on the first connection.
    pub size: Option<usize>,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// How long a statement may run.
    pub statement_timeout: Duration,
    /// What the server's lists of sessions say about these.
    pub application_name: String,
}

/// Connections to one database.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

struct Inner {
    connections: managed::Pool<Connections>,
    address: Address,
    tls: Tls,
    acquire_timeout: Duration,
    statement_timeout: Duration,
    /// Whether the size is final.
    is_sized: AtomicBool,
}

/// What a pool is doing at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStatus {
    /// Connections open.
    pub size: usize,
    /// Connections open and free.
    pub idle: usize,
    /// Connections taken.
    pub in_use: usize,
    /// Requests that wait for one.
    pub waiting: usize,
    /// Connections at most.
    pub max: usize,
}

impl Pool {
    /// A pool over the database that the options name; connects when it is first used.
    ///
    /// # Errors
    /// When the address cannot be read, or the certificates to verify the server with.
    pub fn open(options: &PoolOptions) -> Result<Self> {
        let address = Address::parse(&options.url, &options.application_name)?;
        let tls = Tls::of(&address)?;
        let opener = tls.opener(address.config.clone());
        let connections = Connections::new(opener, tls.clone(), options.statement_timeout);
        // Grows after the first connection: a pool that shrinks forgets to take its permits back.
        let size = options.size.unwrap_or(1).max(1);
        let connections = managed::Pool::builder(connections)
            .max_size(size)
            .build()
            .expect("a pool without time-outs of its own needs nothing more");
        Ok(Self(Arc::new(Inner {
            connections,
            address,
            tls,
            acquire_timeout: options.acquire_timeout,
            statement_timeout: options.statement_timeout,
            is_sized: AtomicBool::new(options.size.is_some()),
        })))
    }

    /// A connection of one's own.
    ///
    /// # Errors
    /// Unavailable, whatever the reason.
    pub(crate) async fn acquire(&self) -> Result<Conn> {
        let since = Instant::now();
        let found = time::timeout(self.0.acquire_timeout, self.0.connections.get()).await;
        metrics::histogram!("artel_db_acquire_seconds").record(since.elapsed());
        match found {
            Ok(Ok(object)) => {
                self.settle_size();
                Ok(Conn::new(object))
            }
            Ok(Err(PoolError::Backend(error))) => Err(Failure::from(error).of_connecting()),
            Ok(Err(_)) => Err(Error::unavailable("the pool is closed")),
            Err(_) => Err(self.reason_of_waiting()),
        }
    }

    /// Whether the database can be reached: one connection beside the pool, within a second.
    ///
    /// # Errors
    /// When it cannot, and whether trying again may help.
    pub async fn check(&self) -> Result<(), Unreachable> {
        Unreachable::check(&self.0.address, &self.0.tls).await
    }

    /// A connection beside the pool that listens and notifies; it is closed when both halves are
    /// dropped.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn listener(&self) -> Result<(Listener, Notifications)> {
        Listener::open(&self.0.address, &self.0.tls, self.0.statement_timeout).await
    }

    /// Statements for schema work, on a connection without time limits that is closed behind
    /// them.
    ///
    /// # Errors
    /// When no connection is to be had, or a statement fails.
    pub async fn batch(&self, sql: &str) -> Result<()> {
        let conn = self.acquire().await?;
        conn.spoil();
        conn.batch("SET statement_timeout = 0").await?;
        Ok(conn.batch(sql).await?)
    }

    /// Gives out no more connections; those in use are closed when they come back.
    pub async fn close(&self) {
        self.0.connections.close();
    }

    /// What it is doing at the moment.
    pub fn status(&self) -> PoolStatus {
        let status = self.0.connections.status();
        PoolStatus {
            size: status.size,
            idle: status.available,
            in_use: status.size - status.available,
            waiting: status.waiting,
            max: status.max_size,
        }
    }

    /// The database and where it is, for people; never a login.
    pub fn describe(&self) -> String {
        self.0.address.describe()
    }

    /// Once a connection has asked the server what it allows, the pool may grow.
    fn settle_size(&self) {
        if self.0.is_sized.load(Ordering::Acquire) {
            return;
        }
        let Some(server_max) = self.0.connections.manager().server_max() else { return };
        if !self.0.is_sized.swap(true, Ordering::AcqRel) {
            let cores = thread::available_parallelism().map_or(1, NonZero::get);
            self.0.connections.resize(fair_size(cores, server_max));
        }
    }

    fn reason_of_waiting(&self) -> Error {
        let status = self.status();
        if status.size < status.max {
            Error::unavailable("nobody answers")
        } else {
            Error::unavailable("pool empty")
        }
    }
}

/// Connections of a pool whose size nobody has set.
fn fair_size(cores: usize, server_max: usize) -> usize {
    let share = server_max.saturating_sub(CONNECTIONS_LEFT) / PROCESSES;
    (cores * CONNECTIONS_PER_CORE).min(share).max(1)
}

/// Without the address: there may be a password in it.
impl fmt::Debug for PoolOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolOptions")
            .field("size", &self.size)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("application_name", &self.application_name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({}, {:?})", self.describe(), self.status())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_takes_a_fair_share_of_the_server() {
        check(2, 200, 8);
        check(64, 100, 22);
        check(2, 20, 2);
        check(2, 5, 1);
    }

    #[track_caller]
    fn check(cores: usize, server_max: usize, expected: usize) {
        assert_eq!(fair_size(cores, server_max), expected);
    }
}
