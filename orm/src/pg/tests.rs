//! The layer against a real PostgreSQL: a cluster of the tests' own, in the target folder.

mod abandoning;
mod binding;
mod lanes;
mod listening;
mod pooling;
mod transactions;
mod wire;

use std::{
    env,
    path::PathBuf,
    process,
    sync::{
        LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use artel_cluster::{Cluster, Durability, Options};
use tokio::time;

use crate::{
    PgType, Value,
    pg::{Conn, Failure, Lane, ParamType, Pool, PoolOptions, Row, Statement},
};

static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| {
    let options = Options {
        dir: target().join("pg"),
        durability: Durability::Throwaway,
        programs: None,
        notice: |_| (),
    };
    Cluster::start(&options).unwrap()
});

/// The folder above `<profile>/deps`, where test programs are built.
fn target() -> PathBuf {
    let program = env::current_exe().unwrap();
    let deps = program.ancestors().find(|it| it.ends_with("deps")).unwrap();
    deps.ancestors().nth(2).unwrap().to_owned()
}

fn url() -> String {
    CLUSTER.url("postgres")
}

fn options(url: String) -> PoolOptions {
    PoolOptions {
        url,
        size: Some(4),
        acquire_timeout: Duration::from_secs(30),
        statement_timeout: Duration::from_secs(30),
        application_name: "orm tests".to_owned(),
    }
}

fn pool() -> Pool {
    Pool::open(&options(url())).unwrap()
}

fn pool_of(size: usize) -> Pool {
    Pool::open(&PoolOptions { size: Some(size), ..options(url()) }).unwrap()
}

async fn conn() -> Conn {
    pool().acquire().await.unwrap()
}

/// A statement without parameters.
const fn plain(sql: &str, lane: Lane) -> Statement<'_> {
    Statement { sql, lane, params: &[], types: &[] }
}

const fn fresh(sql: &str) -> Statement<'_> {
    plain(sql, Lane::Fresh)
}

const fn by_key(sql: &str) -> Statement<'_> {
    plain(sql, Lane::ByKey)
}

/// The integer that a statement gives.
async fn int(conn: &Conn, sql: &str) -> i64 {
    conn.fetch(&fresh(sql)).await.unwrap()[0].int(0).unwrap()
}

/// A number that no other test and no other process uses as a lock.
fn lock_key() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    i64::from(process::id()) << 32 | NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Asks until the answer is 1; gives up when something is stuck for good, but before the server
/// ends the statement itself.
async fn until_one(conn: &Conn, sql: &str) {
    let asking = async { while int(conn, sql).await != 1 {} };
    time::timeout(Duration::from_secs(20), asking).await.expect(sql);
}

/// A channel that no other test uses: all of them share a database.
fn unique_channel(name: &str) -> String {
    format!("{name} {}", uuid::Uuid::new_v4().simple())
}
