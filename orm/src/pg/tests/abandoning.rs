//! Statements that nobody waits for any more, and connections that end under them.

use std::pin::pin;

use futures_util::future;

use super::{wire::Wire, *};
use crate::pg::Transaction;

/// From now on a server at work does not notice that its client is gone: it has to be told.
const BLIND: &str = "DO $$ BEGIN
      PERFORM set_config('client_connection_check_interval', '0', false);
    EXCEPTION WHEN OTHERS THEN NULL; END $$";

#[tokio::test]
async fn a_dropped_statement_stops_waiting_for_its_lock() {
    let (pool, watcher) = (pool(), conn().await);
    let key = lock_key();
    int(&watcher, &format!("SELECT 1 FROM pg_advisory_lock({key})")).await;
    let waiting = format!(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
         AND classid = {} AND objid = {}",
        key >> 32,
        key & 0xffff_ffff
    );
    let conn = pool.acquire().await.unwrap();
    conn.batch(BLIND).await.unwrap();
    let lock = format!("SELECT pg_advisory_lock({key})");
    abandon(conn.fetch(&fresh(&lock)), &watcher, &waiting).await;
    drop(conn);
    assert_eq!(pool.status().size, 0);
    until_one(&watcher, &format!("SELECT 1 - ({waiting})")).await;
}

#[tokio::test]
async fn a_transaction_dropped_at_work_frees_its_locks() {
    let (pool, watcher) = (pool(), conn().await);
    let key = lock_key();
    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    transaction.batch(BLIND).await.unwrap();
    let lock = format!("SELECT 1 FROM pg_advisory_xact_lock({key})");
    transaction.fetch(&fresh(&lock)).await.unwrap();
    let sleep = format!("SELECT pg_sleep(60), {key}");
    abandon(transaction.fetch(&fresh(&sleep)), &watcher, &at_work(key)).await;
    assert!(transaction.is_failed());
    drop(transaction);
    assert_eq!(pool.status().size, 0);
    let free = format!("SELECT pg_try_advisory_lock({key})::int");
    until_one(&watcher, &free).await;
    assert_eq!(int(&watcher, &at_work(key)).await, 0);
}

#[tokio::test]
async fn a_transaction_dropped_between_statements_frees_its_locks() {
    let (pool, watcher) = (pool(), conn().await);
    let key = lock_key();
    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    let lock = format!("SELECT 1 FROM pg_advisory_xact_lock({key})");
    transaction.fetch(&fresh(&lock)).await.unwrap();
    drop(transaction);
    assert_eq!(pool.status().size, 0);
    until_one(&watcher, &format!("SELECT pg_try_advisory_lock({key})::int")).await;
}

#[tokio::test]
async fn a_transaction_with_an_abandoned_statement_does_not_commit() {
    let (pool, watcher) = (pool(), conn().await);
    let key = lock_key();
    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    let sleep = format!("SELECT pg_sleep(60), {key}");
    abandon(transaction.fetch(&fresh(&sleep)), &watcher, &at_work(key)).await;
    transaction.commit().await.unwrap_err();
    drop(transaction);
    until_one(&watcher, &format!("SELECT 1 - ({})", at_work(key))).await;
}

#[tokio::test]
async fn a_statement_past_its_time_is_unavailable() {
    let short = PoolOptions { statement_timeout: Duration::from_millis(20), ..options(url()) };
    let pool = Pool::open(&short).unwrap();
    let conn = pool.acquire().await.unwrap();
    let failure = conn.fetch(&fresh("SELECT pg_sleep(60)")).await.unwrap_err();
    assert_eq!(failure.sqlstate.as_deref(), Some("57014"));
    assert!(crate::Error::from(failure).is_unavailable());
    drop(conn);
    assert_eq!(pool.status().idle, 1);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let wire = Wire::listen();
    let pool = Pool::open(&options(wire.url())).unwrap();
    let conn = pool.acquire().await.unwrap();
    wire.cut();
    // Nothing will happen any more but the deadline: the clock jumps there.
    time::pause();
    let failure = conn.fetch(&fresh("SELECT 1")).await.unwrap_err();
    assert!(crate::Error::from(failure).is_unavailable());
    drop(conn);
    assert_eq!(pool.status().size, 0);
    time::resume();
    wire.mend();
    assert_eq!(int(&pool.acquire().await.unwrap(), "SELECT 1").await, 1);
}

#[tokio::test]
async fn a_session_killed_at_rest_is_unavailable_and_the_pool_heals() {
    let (pool, killer) = (pool_of(1), conn().await);
    let conn = pool.acquire().await.unwrap();
    let session = int(&conn, "SELECT pg_backend_pid()").await;
    kill(&killer, session).await;
    let gone = "SELECT (count(*) = 0)::int FROM pg_stat_activity WHERE pid =";
    until_one(&killer, &format!("{gone} {session}")).await;
    let failure = conn.fetch(&fresh("SELECT 1")).await.unwrap_err();
    assert!(crate::Error::from(failure).is_unavailable());
    drop(conn);
    assert_ne!(int(&pool.acquire().await.unwrap(), "SELECT pg_backend_pid()").await, session);
}

#[tokio::test]
async fn a_session_killed_at_work_is_unavailable_and_the_pool_heals() {
    let (pool, killer, key) = (pool_of(1), conn().await, lock_key());
    let conn = pool.acquire().await.unwrap();
    let session = int(&conn, "SELECT pg_backend_pid()").await;
    let sleep = format!("SELECT pg_sleep(60), {key}");
    let killing = async {
        until_one(&killer, &at_work(key)).await;
        kill(&killer, session).await;
    };
    let (answer, ()) = future::join(conn.fetch(&fresh(&sleep)), killing).await;
    assert!(crate::Error::from(answer.unwrap_err()).is_unavailable());
    drop(conn);
    assert_ne!(int(&pool.acquire().await.unwrap(), "SELECT pg_backend_pid()").await, session);
}

async fn kill(killer: &Conn, session: i64) {
    int(killer, &format!("SELECT pg_terminate_backend({session})::int")).await;
}

/// Drops the future of a statement when `watcher` sees one row of what it is doing.
async fn abandon<T>(work: impl Future<Output = T>, watcher: &Conn, sign: &str) {
    let seen = pin!(until_one(watcher, sign));
    future::select(pin!(work), seen).await;
}

/// Counts the sessions that work on a statement with this number in it.
fn at_work(key: i64) -> String {
    format!(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' \
         AND query LIKE 'SELECT pg_sleep%' AND query LIKE '%{key}'"
    )
}
