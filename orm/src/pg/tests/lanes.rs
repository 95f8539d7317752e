//! What a connection keeps prepared, and what happens when that is out of date.

use futures_util::future;

use super::*;
use crate::pg::{Transaction, kept::KEPT_MAX};

const KEPT: &str = "SELECT count(*) FROM pg_prepared_statements";

#[tokio::test]
async fn a_text_is_prepared_when_it_comes_again() {
    let conn = conn().await;
    for expected in [0, 1, 1] {
        conn.fetch(&by_key("SELECT 1")).await.unwrap();
        assert_eq!(int(&conn, KEPT).await, expected);
    }
    for _ in 0..3 {
        conn.fetch(&fresh("SELECT 2")).await.unwrap();
    }
    assert_eq!(int(&conn, KEPT).await, 1);
}

#[tokio::test]
async fn the_kept_statements_are_bounded_on_the_server_too() {
    let conn = conn().await;
    for at in 0..KEPT_MAX + 20 {
        let sql = format!("SELECT {at}");
        conn.fetch(&by_key(&sql)).await.unwrap();
        conn.fetch(&by_key(&sql)).await.unwrap();
    }
    assert_eq!(int(&conn, KEPT).await, i64::try_from(KEPT_MAX).unwrap());
}

#[tokio::test]
async fn siblings_are_answered_each_with_its_own() {
    let conn = conn().await;
    for _ in 0..3 {
        let siblings = [by_key("SELECT 1"), by_key("SELECT 2"), fresh("SELECT 3")];
        let answers = future::try_join_all(siblings.iter().map(|it| conn.fetch(it))).await.unwrap();
        let found: Vec<_> = answers.iter().map(|it| it[0].int(0).unwrap()).collect();
        assert_eq!(found, [1, 2, 3]);
    }
}

#[tokio::test]
async fn a_plan_out_of_date_is_made_anew() {
    let conn = conn().await;
    let all = by_key("SELECT * FROM changing");
    change_under(&conn, &all).await;
    assert_eq!(conn.fetch(&all).await.unwrap()[0].len(), 2);
    conn.fetch(&all).await.unwrap();
    assert_eq!(int(&conn, KEPT).await, 1);
}

#[tokio::test]
async fn a_statement_that_the_server_forgot_is_made_anew() {
    let conn = conn().await;
    for _ in 0..2 {
        conn.fetch(&by_key("SELECT 1")).await.unwrap();
    }
    conn.batch("DEALLOCATE ALL").await.unwrap();
    assert_eq!(conn.fetch(&by_key("SELECT 1")).await.unwrap()[0].int(0).unwrap(), 1);
}

#[tokio::test]
async fn a_plan_out_of_date_in_a_transaction_asks_for_another_try() {
    let pool = pool_of(1);
    let all = by_key("SELECT * FROM changing");
    let conn = pool.acquire().await.unwrap();
    change_under(&conn, &all).await;
    let transaction = Transaction::begin(conn);
    let error = crate::Error::from(transaction.fetch(&all).await.unwrap_err());
    assert!(error.is_busy(), "{error:?}");
    transaction.rollback().await.unwrap();
    drop(transaction);

    let again = Transaction::begin(pool.acquire().await.unwrap());
    assert_eq!(again.fetch(&all).await.unwrap()[0].len(), 2);
    again.commit().await.unwrap();
}

#[tokio::test]
async fn one_stale_plan_makes_every_connection_plan_anew() {
    let pool = pool_of(2);
    let (one, other) = (pool.acquire().await.unwrap(), pool.acquire().await.unwrap());
    for _ in 0..2 {
        other.fetch(&by_key("SELECT 1")).await.unwrap();
    }
    assert_eq!(int(&other, KEPT).await, 1);
    drop(other);
    let all = by_key("SELECT * FROM changing");
    change_under(&one, &all).await;
    one.fetch(&all).await.unwrap();
    assert_eq!(int(&pool.acquire().await.unwrap(), KEPT).await, 0);
}

/// Keeps a statement prepared and changes its table.
async fn change_under(conn: &Conn, all: &Statement<'_>) {
    conn.batch("CREATE TEMP TABLE changing AS SELECT 1 AS a").await.unwrap();
    for _ in 0..2 {
        assert_eq!(conn.fetch(all).await.unwrap()[0].len(), 1);
    }
    conn.batch("ALTER TABLE changing ADD COLUMN b int").await.unwrap();
}
