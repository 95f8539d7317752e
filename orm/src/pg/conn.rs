//! A connection taken from the pool, and what becomes of it afterwards.
//!
//! **Invariant:** it goes back to the pool only when every statement sent on it has been
//! answered. Dropping the future of a statement does not stop the statement, so whoever came
//! next would wait for it.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use deadpool::managed::Object;
use tokio::time;

use crate::pg::{Failure, Row, Statement, connection::Connection, connections::Connections};

/// How long past its own timeout the server may take to say so.
const MARGIN: Duration = Duration::from_secs(2);

/// A pooled connection. Several statements may be sent at once: they are pipelined.
pub(crate) struct Conn {
    /// `None` only while it is dropped.
    object: Option<Object<Connections>>,
    /// Statements sent and not answered. A dropped future leaves its own behind.
    in_flight: AtomicUsize,
    is_spoilt: AtomicBool,
    is_cancelled: AtomicBool,
}

impl Conn {
    pub(super) fn new(object: Object<Connections>) -> Self {
        metrics::gauge!("artel_db_pool_in_use").increment(1);
        Self {
            object: Some(object),
            in_flight: AtomicUsize::new(0),
            is_spoilt: AtomicBool::new(false),
            is_cancelled: AtomicBool::new(false),
        }
    }

    /// The rows that a statement gives, all of them. One that is kept prepared and out of date
    /// is planned anew.
    pub(crate) async fn fetch(&self, statement: &Statement<'_>) -> Result<Vec<Row>, Failure> {
        match self.fetch_once(statement).await {
            Err(failure) if failure.is_stale() => {
                self.in_time(self.connection().run_fresh(statement)).await
            }
            answer => answer,
        }
    }

    /// The same inside a transaction, where nothing can be sent a second time.
    pub(super) async fn fetch_once(&self, statement: &Statement<'_>) -> Result<Vec<Row>, Failure> {
        self.in_time(self.connection().run(statement)).await
    }

    /// Statements without parameters, for schema work: they may take as long as the server lets
    /// them.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Failure> {
        self.counted(self.connection().run_batch(sql)).await
    }

    /// A command of a transaction.
    pub(super) async fn command(&self, sql: &str) -> Result<(), Failure> {
        self.in_time(self.connection().run_batch(sql)).await
    }

    /// Whether a statement was abandoned, or waits for its answer.
    pub(super) fn is_busy(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) > 0
    }

    /// Keeps it from going back to the pool.
    pub(super) fn spoil(&self) {
        self.is_spoilt.store(true, Ordering::Release);
    }

    /// The server ends its statements itself; this is for the case that it cannot any more.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let limit = self.connection().statement_timeout + MARGIN;
        let answer = time::timeout(limit, self.counted(work)).await;
        answer.unwrap_or_else(|_| {
            self.cancel();
            Err(Failure::late())
        })
    }

    /// Counts a statement until it is answered; if the future is dropped before, it stays counted.
    async fn counted<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        let answer = work.await;
        self.in_flight.fetch_sub(1, Ordering::AcqRel);
        answer.inspect_err(|failure| {
            if failure.ends_session() {
                self.spoil();
            }
        })
    }

    fn cancel(&self) {
        self.spoil();
        if !self.is_cancelled.swap(true, Ordering::AcqRel) {
            self.connection().cancel();
        }
    }

    fn connection(&self) -> &Connection {
        self.object.as_ref().expect("taken only when it is dropped")
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        metrics::gauge!("artel_db_pool_in_use").decrement(1);
        if self.is_busy() {
            self.cancel();
        }
        // Dropping the object gives it back; taken out of it, the connection is closed and the
        // pool may open another.
        let object = self.object.take();
        if self.is_spoilt.load(Ordering::Acquire) {
            drop(object.map(Object::take));
        }
    }
}
