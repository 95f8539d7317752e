//! One process at a time changes the tables of a database.

use std::time::Duration;

use crate::{
    Result,
    migrate::found,
    pg::{Pool, Transaction},
};

/// Tried again and again, never waited for in the database: a statement that waits holds a
/// snapshot, and whoever builds an index beside the traffic waits for that snapshot.
///
/// It is the transaction that holds it, not the session: it ends with it however it ends, also
/// behind a pooler that gives each transaction another connection.
const TRY: &str = "select pg_try_advisory_xact_lock(x'617274656c'::bigint)";

const POLL_EVERY: Duration = Duration::from_millis(100);

/// Whoever waits for a lock on a table makes all others wait behind them, so not for long; the
/// work itself takes as long as it takes.
const PATIENCE: &str = "set local lock_timeout = '5s'; set local statement_timeout = 0";

/// Begins a transaction in which nobody else changes tables; waits while somebody does.
///
/// # Errors
/// When the database cannot be asked.
pub(crate) async fn begin(pool: &Pool) -> Result<Transaction> {
    loop {
        let tx = Transaction::begin(pool.acquire().await?);
        if found::is_so(&tx, TRY).await? {
            tx.batch(PATIENCE).await?;
            return Ok(tx);
        }
        tx.rollback().await?;
        tokio::time::sleep(POLL_EVERY).await;
    }
}
