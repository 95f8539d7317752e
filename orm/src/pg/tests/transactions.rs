//! What a transaction sends, and when it refuses to commit.

use std::sync::Arc;

use futures_util::future;

use super::{wire::Wire, *};
use crate::pg::Transaction;

const WRONG: Statement<'_> = fresh("SELECT 1 / 0");

#[tokio::test]
async fn an_empty_transaction_sends_nothing() {
    let wire = Wire::listen();
    let pool = Pool::open(&options(wire.url())).unwrap();
    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    wire.forget();
    transaction.commit().await.unwrap();
    drop(transaction);
    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    transaction.rollback().await.unwrap();
    drop(transaction);
    drop(Transaction::begin(pool.acquire().await.unwrap()));
    assert_eq!(wire.round_trips(), 0);
    assert_eq!(pool.status().size, 1);
}

#[tokio::test]
async fn begin_goes_out_with_the_first_statement() {
    let wire = Wire::listen();
    let pool = Pool::open(&options(wire.url())).unwrap();
    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    wire.forget();
    transaction.fetch(&fresh("SELECT 1")).await.unwrap();
    assert_eq!(wire.round_trips(), 1);
    transaction.fetch(&fresh("SELECT 2")).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(wire.round_trips(), 3);
}

#[tokio::test]
async fn siblings_that_come_first_are_all_inside() {
    let (pool, transaction) = with_table().await;
    tokio::join!(insert(&transaction, 1), insert(&transaction, 2));
    transaction.rollback().await.unwrap();
    check_kept(&pool, transaction, &[]).await;
}

#[tokio::test]
async fn what_is_committed_stays_and_what_is_not_goes() {
    let (pool, transaction) = with_table().await;
    insert(&transaction, 1).await;
    transaction.commit().await.unwrap();
    drop(transaction);
    let transaction = Arc::new(Transaction::begin(pool.acquire().await.unwrap()));
    insert(&transaction, 2).await;
    transaction.rollback().await.unwrap();
    check_kept(&pool, transaction, &[1]).await;
}

#[tokio::test]
async fn a_failed_statement_makes_commit_an_error() {
    let (pool, transaction) = with_table().await;
    insert(&transaction, 1).await;
    transaction.fetch(&WRONG).await.unwrap_err();
    assert!(transaction.is_failed());
    let error = transaction.commit().await.unwrap_err();
    assert!(error.to_string().contains("its error was dropped"), "{error}");
    check_kept(&pool, transaction, &[]).await;
}

#[tokio::test]
async fn nothing_is_sent_after_a_failed_statement() {
    let transaction = Arc::new(Transaction::begin(conn().await));
    transaction.fetch(&WRONG).await.unwrap_err();
    let failure = transaction.fetch(&fresh("SELECT 1")).await.unwrap_err();
    assert_eq!(failure.sqlstate, None);
    assert!(transaction.savepoint().await.is_err());
}

#[tokio::test]
async fn a_statement_pipelined_behind_a_failed_one_is_no_fault_of_its_own() {
    let transaction = Transaction::begin(conn().await);
    let after = fresh("SELECT 1");
    let (wrong, after) = future::join(transaction.fetch(&WRONG), transaction.fetch(&after)).await;
    assert_eq!(wrong.unwrap_err().sqlstate.as_deref(), Some("22012"));
    assert!(crate::Error::from(after.unwrap_err()).is_busy());
}

#[tokio::test]
async fn nothing_is_sent_after_the_end() {
    let transaction = Transaction::begin(conn().await);
    transaction.fetch(&fresh("SELECT 1")).await.unwrap();
    transaction.commit().await.unwrap();
    transaction.fetch(&fresh("SELECT 1")).await.unwrap_err();
    transaction.commit().await.unwrap_err();
    transaction.rollback().await.unwrap();
}

#[tokio::test]
async fn a_savepoint_survives_a_failed_statement() {
    let (pool, transaction) = with_table().await;
    insert(&transaction, 1).await;
    let nested = transaction.savepoint().await.unwrap();
    insert(&transaction, 2).await;
    transaction.fetch(&WRONG).await.unwrap_err();
    nested.roll_back().await.unwrap();
    assert!(!transaction.is_failed());
    insert(&transaction, 3).await;
    transaction.commit().await.unwrap();
    check_kept(&pool, transaction, &[1, 3]).await;
}

#[tokio::test]
async fn savepoints_nest() {
    let (pool, transaction) = with_table().await;
    let outer = transaction.savepoint().await.unwrap();
    insert(&transaction, 1).await;
    let inner = transaction.savepoint().await.unwrap();
    insert(&transaction, 2).await;
    inner.release().await.unwrap();
    let inner = transaction.savepoint().await.unwrap();
    insert(&transaction, 3).await;
    inner.roll_back().await.unwrap();
    outer.release().await.unwrap();
    transaction.commit().await.unwrap();
    check_kept(&pool, transaction, &[1, 2]).await;
}

#[tokio::test]
async fn a_failed_savepoint_is_not_released() {
    let (pool, transaction) = with_table().await;
    let nested = transaction.savepoint().await.unwrap();
    insert(&transaction, 1).await;
    transaction.fetch(&WRONG).await.unwrap_err();
    nested.release().await.unwrap_err();
    transaction.commit().await.unwrap();
    check_kept(&pool, transaction, &[]).await;
}

#[tokio::test]
async fn a_savepoint_dropped_halfway_fails_the_transaction() {
    let transaction = Arc::new(Transaction::begin(conn().await));
    drop(transaction.savepoint().await.unwrap());
    assert!(transaction.is_failed());
    transaction.commit().await.unwrap_err();
}

#[tokio::test]
async fn a_conflict_of_transactions_asks_for_another_try() {
    let pool = pool();
    let other = pool.acquire().await.unwrap();
    let table = format!("conflicting_{}", lock_key());
    other.batch(&format!("CREATE TABLE {table} AS SELECT 1 AS id")).await.unwrap();
    let update = format!("UPDATE {table} SET id = id + 1");

    let transaction = Transaction::begin(pool.acquire().await.unwrap());
    transaction.batch("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    transaction.fetch(&fresh(&format!("SELECT id FROM {table}"))).await.unwrap();
    other.fetch(&fresh(&update)).await.unwrap();
    let failure = transaction.fetch(&fresh(&update)).await.unwrap_err();
    assert_eq!(failure.sqlstate.as_deref(), Some("40001"));
    assert!(crate::Error::from(failure).is_busy());
    transaction.rollback().await.unwrap();
    other.batch(&format!("DROP TABLE {table}")).await.unwrap();
}

#[tokio::test]
async fn the_constraint_that_a_write_breaks_is_named() {
    let (_pool, transaction) = with_table().await;
    insert(&transaction, 1).await;
    let failure = transaction.fetch(&insertion(&[Value::Int(1)])).await.unwrap_err();
    assert_eq!(failure.sqlstate.as_deref(), Some("23505"));
    assert_eq!(failure.constraint.as_deref(), Some("kept_id_uq"));
    assert_eq!(failure.table.as_deref(), Some("kept"));
}

/// A transaction in which nothing was sent, on the only connection of its pool, which has a
/// table `kept`.
async fn with_table() -> (Pool, Arc<Transaction>) {
    let pool = pool_of(1);
    let conn = pool.acquire().await.unwrap();
    conn.batch("CREATE TEMP TABLE kept (id int CONSTRAINT kept_id_uq UNIQUE)").await.unwrap();
    (pool, Arc::new(Transaction::begin(conn)))
}

async fn insert(transaction: &Transaction, id: i64) {
    transaction.fetch(&insertion(&[Value::Int(id)])).await.unwrap();
}

const fn insertion(params: &[Value]) -> Statement<'_> {
    const INT: &[ParamType] = &[ParamType::one(PgType::Int4)];
    Statement { params, types: INT, ..fresh("INSERT INTO kept VALUES ($1)") }
}

/// Ends `transaction` and compares what is in the table with `expected`.
async fn check_kept(pool: &Pool, transaction: Arc<Transaction>, expected: &[i64]) {
    drop(transaction);
    let conn = pool.acquire().await.unwrap();
    let rows = conn.fetch(&fresh("SELECT id FROM kept ORDER BY id")).await.unwrap();
    let found: Vec<_> = rows.iter().map(|it| it.int(0).unwrap()).collect();
    assert_eq!(found, expected);
}
