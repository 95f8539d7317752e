//! A transaction over a connection of its own.
//!
//! `BEGIN` goes out with the first statement, in one round trip; a transaction in which nothing
//! was sent ends without a word to the server.
//!
//! **Invariant:** after a failed statement nothing more is sent and nothing is committed.
//! PostgreSQL would answer such a `COMMIT` with a silent rollback. Only a [`Savepoint`] around
//! the statement survives its failure.
//!
//! **Invariant:** one that is dropped unfinished takes its connection with it.
//!
//! [`Savepoint`]: crate::pg::Savepoint

use std::{
    mem,
    pin::{Pin, pin},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use futures_util::{FutureExt, future};

use crate::{
    Error, Result,
    pg::{Conn, Failure, Row, Statement},
};

/// A running transaction.
pub(crate) struct Transaction {
    pub(super) conn: Conn,
    phase: Mutex<Phase>,
    has_failed: AtomicBool,
    pub(super) savepoints: AtomicU32,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Nothing was sent.
    Untouched,
    Begun,
    Over,
}

/// When `BEGIN` was sent.
enum Opening {
    /// Just now: its answer is still to come.
    Now,
    Before,
}

impl Transaction {
    /// A transaction that has the connection for itself; sends nothing yet.
    pub(crate) fn begin(conn: Conn) -> Self {
        Self {
            conn,
            phase: Mutex::new(Phase::Untouched),
            has_failed: AtomicBool::new(false),
            savepoints: AtomicU32::new(0),
        }
    }

    /// The rows that a statement gives, all of them.
    pub(crate) async fn fetch(&self, statement: &Statement<'_>) -> Result<Vec<Row>, Failure> {
        self.step(self.conn.fetch_once(statement)).await
    }

    /// Statements without parameters, for schema work: they may take as long as the server lets
    /// them.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Failure> {
        self.step(self.conn.batch(sql)).await
    }

    /// Makes everything permanent, or nothing if a statement has failed.
    ///
    /// # Errors
    /// Also when all statements were answered well but one answer was never waited for. When the
    /// connection breaks here, nobody knows whether the transaction stands.
    pub(crate) async fn commit(&self) -> Result<()> {
        match self.close() {
            Phase::Untouched => return Ok(()),
            Phase::Over => return Err(Error::broken("the transaction is over")),
            Phase::Begun => {}
        }
        if self.is_failed() {
            self.undo().await;
            return Err(Error::broken(
                "a statement of this transaction failed and its error was dropped; return the \
                 error, or run the statement in a nested transaction",
            ));
        }
        let done = self.conn.command("COMMIT").await;
        done.inspect_err(|_| self.conn.spoil()).map_err(Error::from)
    }

    /// Undoes everything; once it is over, there is nothing to undo.
    pub(crate) async fn rollback(&self) -> Result<()> {
        if self.close() == Phase::Begun {
            self.undo().await;
        }
        Ok(())
    }

    /// Whether it can no longer commit: a statement failed, or was abandoned, or still runs.
    pub(crate) fn is_failed(&self) -> bool {
        self.has_failed.load(Ordering::Acquire) || self.conn.is_busy()
    }

    /// Sends something, behind `BEGIN` if it is the first thing to be sent.
    pub(super) async fn step<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut begin = pin!(self.conn.command("BEGIN"));
        let answer = match self.open(begin.as_mut()) {
            Ok(Opening::Before) => work.await,
            Ok(Opening::Now) => {
                let (begun, answer) = future::join(begin, work).await;
                begun.and(answer)
            }
            Err(failure) => Err(failure),
        };
        answer.inspect_err(|_| self.fail())
    }

    /// From now on it can only be undone.
    pub(crate) fn fail(&self) {
        self.has_failed.store(true, Ordering::Release);
    }

    /// What has failed was undone.
    pub(super) fn recover(&self) {
        self.has_failed.store(false, Ordering::Release);
    }

    /// Puts `BEGIN` on its way if nothing was sent yet, without waiting for its answer. The lock
    /// is held until it is, so that nobody's statement can overtake it.
    fn open(
        &self,
        begin: Pin<&mut impl Future<Output = Result<(), Failure>>>,
    ) -> Result<Opening, Failure> {
        if self.has_failed.load(Ordering::Acquire) {
            return Err(Failure::not_sent(
                "an earlier statement of this transaction failed; only a nested transaction \
                 survives that",
            ));
        }
        let mut phase = self.phase();
        match *phase {
            Phase::Untouched => {
                *phase = Phase::Begun;
                begin.now_or_never().map_or(Ok(Opening::Now), |it| it.map(|()| Opening::Before))
            }
            Phase::Begun => Ok(Opening::Before),
            Phase::Over => Err(Failure::not_sent("the transaction is over")),
        }
    }

    /// Ends it for everyone, and says how far it had come.
    fn close(&self) -> Phase {
        mem::replace(&mut *self.phase(), Phase::Over)
    }

    /// A rollback that cannot be said is done by the end of the session.
    async fn undo(&self) {
        if self.conn.is_busy() || self.conn.command("ROLLBACK").await.is_err() {
            self.conn.spoil();
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if *self.phase() == Phase::Begun {
            self.conn.spoil();
        }
    }
}
