//! PostgreSQL as the engine sees it: a pool of connections, statements in two lanes, rows as
//! bytes, transactions, and failures by SQLSTATE.
//!
//! The only place that names `tokio_postgres`, `postgres_types` and `deadpool`. It knows no
//! model and makes no SQL but that of sessions and transactions.
//!
//! **Invariant:** a connection on which a statement was abandoned, or came late, never goes back
//! to the pool: it is closed and the statement is cancelled.
//!
//! **Invariant:** a transaction in which a statement failed never commits.

mod address;
mod connection;
mod connections;
mod listener;
mod pool;
mod tls;
mod unreachable;

mod cancel;
mod conn;
mod savepoint;
mod transaction;

mod bind;
mod failure;
mod kept;
mod numeric;
mod row;
mod statement;

#[cfg(test)]
mod tests;

use tokio::{runtime::Handle, task::JoinHandle};

pub(crate) use crate::pg::{
    conn::Conn,
    failure::Failure,
    row::Row,
    savepoint::Savepoint,
    statement::{Lane, ParamType, Statement},
    transaction::Transaction,
};
pub use crate::pg::{
    listener::{Listener, Notification, Notifications},
    pool::{Pool, PoolOptions, PoolStatus},
    unreachable::Unreachable,
};

/// Runs `work` beside everything else; `None` where no runtime runs any more, as when the last
/// connections are dropped after it has ended.
#[expect(
    clippy::disallowed_methods,
    reason = "the wrapper that keeps a request's span is above this crate, and these tasks \
              outlive the request that started them"
)]
pub(crate) fn spawn_quietly<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Option<JoinHandle<T>> {
    Handle::try_current().ok().map(|_| tokio::spawn(work))
}
