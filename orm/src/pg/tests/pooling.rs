//! How many connections there are, who waits for them, and whether the database can be reached.

use super::{wire::Wire, *};
use crate::{
    ErrorKind,
    pg::{PoolStatus, Transaction, Unreachable},
};

#[tokio::test]
async fn an_empty_pool_is_unavailable_in_time() {
    let pool = pool_of(1);
    let taken = pool.acquire().await.unwrap();
    // Nothing will happen any more but the end of the waiting: the clock jumps there.
    time::pause();
    let error = pool.acquire().await.err().unwrap();
    time::resume();
    assert_eq!(*error.kind(), ErrorKind::Unavailable("pool empty".into()));
    drop(taken);
    assert_eq!(int(&pool.acquire().await.unwrap(), "SELECT 1").await, 1);
}

#[tokio::test]
async fn the_status_says_where_the_connections_are() {
    let pool = pool_of(2);
    check_status(&pool, (0, 0, 0));
    let one = pool.acquire().await.unwrap();
    let two = pool.acquire().await.unwrap();
    check_status(&pool, (2, 0, 2));
    drop(one);
    check_status(&pool, (2, 1, 1));
    drop(two);
    check_status(&pool, (2, 2, 0));
}

#[tokio::test]
async fn a_pool_without_a_size_grows_when_the_server_has_been_asked() {
    let pool = Pool::open(&PoolOptions { size: None, ..options(url()) }).unwrap();
    assert_eq!(pool.status().max, 1);
    let conn = pool.acquire().await.unwrap();
    let server_max = int(&conn, "SELECT current_setting('max_connections')::int8").await;
    let max = i64::try_from(pool.status().max).unwrap();
    assert!(1 < max && max <= (server_max - 10) / 4, "{max} of {server_max}");
}

#[tokio::test]
async fn sessions_are_set_up() {
    let conn = conn().await;
    check_setting(&conn, "application_name", "orm tests").await;
    check_setting(&conn, "TimeZone", "UTC").await;
    check_setting(&conn, "statement_timeout", "30s").await;
    check_setting(&conn, "idle_in_transaction_session_timeout", "1min").await;
    if CLUSTER.major() >= 14 {
        check_setting(&conn, "client_connection_check_interval", "1s").await;
    }
}

#[tokio::test]
async fn schema_work_has_no_time_limit_and_leaves_no_trace() {
    let short = PoolOptions { statement_timeout: Duration::from_millis(20), ..options(url()) };
    let pool = Pool::open(&short).unwrap();
    pool.batch("SELECT pg_sleep(0.1)").await.unwrap();
    assert_eq!(pool.status().size, 0);
    let error = pool.batch("SELECT nothing FROM nowhere").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Broken(_)));
}

#[tokio::test]
async fn a_closed_pool_gives_out_nothing() {
    let pool = pool();
    let taken = pool.acquire().await.unwrap();
    pool.close().await;
    assert_eq!(int(&taken, "SELECT 1").await, 1);
    drop(taken);
    assert!(pool.acquire().await.err().unwrap().is_unavailable());
}

#[tokio::test]
async fn a_server_that_is_away_is_told_from_one_that_refuses() {
    assert_eq!(pool().check().await, Ok(()));
    let away = Pool::open(&options("postgres://ann:hunter2@/x?host=/nowhere".into())).unwrap();
    let answer = away.check().await.unwrap_err();
    assert!(matches!(&answer, Unreachable::Away(it) if !it.contains("hunter2")), "{answer}");
    assert!(away.acquire().await.err().unwrap().is_unavailable());

    let refused = Pool::open(&options(CLUSTER.url("no_such_database"))).unwrap();
    let answer = refused.check().await.unwrap_err();
    assert!(matches!(&answer, Unreachable::Refused(it) if it.contains("3D000")), "{answer}");
    assert!(refused.acquire().await.err().unwrap().is_unavailable());
}

#[tokio::test]
async fn a_server_that_says_nothing_is_away() {
    let wire = Wire::listen();
    wire.cut();
    let pool = Pool::open(&options(wire.url())).unwrap();
    time::pause();
    let answer = pool.check().await.unwrap_err();
    let error = pool.acquire().await.err().unwrap();
    time::resume();
    assert!(matches!(answer, Unreachable::Away(_)), "{answer}");
    assert_eq!(*error.kind(), ErrorKind::Unavailable("nobody answers".into()));
    wire.mend();
    assert_eq!(pool.check().await, Ok(()));
}

#[test]
fn a_request_can_wait_on_any_thread() {
    fn check<T: Send>(_: &T) {}
    let pool = Pool::open(&options("postgres://host/database".into())).err();
    check(&pool);
    let _ = |conn: &Conn, transaction: &Transaction, statement: &Statement<'_>| {
        check(&conn.fetch(statement));
        check(&transaction.fetch(statement));
        check(&transaction.commit());
    };
}

#[test]
fn a_password_is_in_no_output() {
    let options = options("postgres://ann:hunter2@localhost/shop".into());
    let pool = Pool::open(&options).unwrap();
    assert_eq!(pool.describe(), "shop at localhost:5432");
    assert!(!format!("{options:?} {pool:?}").contains("hunter2"));
}

#[track_caller]
fn check_status(pool: &Pool, (size, idle, in_use): (usize, usize, usize)) {
    assert_eq!(pool.status(), PoolStatus { size, idle, in_use, waiting: 0, max: 2 });
}

async fn check_setting(conn: &Conn, name: &str, expected: &str) {
    let rows = conn.fetch(&fresh(&format!("SHOW {name}"))).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), expected, "{name}");
}
