//! Tables against a real PostgreSQL: a database a test.

mod constraints;
mod databases;
mod ddl;
mod expressions;
mod kinds;
mod refusals;
mod start;
mod steps;

use std::{
    env,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    process,
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use artel_cluster::{Cluster, Durability, Options};
use futures_util::FutureExt;

use crate::{
    FieldDef, FieldType, ModelDef, Schema,
    field::FieldNames,
    migrate::{
        Found, Policy, Prepared,
        database::{create_database, drop_database},
        inspect, prepare,
    },
    pg::{Lane, Pool, PoolOptions, Statement},
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

fn pool(database: &str, size: usize) -> Pool {
    let options = PoolOptions {
        url: CLUSTER.url(database),
        size: Some(size),
        acquire_timeout: Duration::from_secs(60),
        statement_timeout: Duration::from_secs(60),
        application_name: "orm tests".to_owned(),
    };
    Pool::open(&options).unwrap()
}

fn admin() -> Pool {
    pool("postgres", 1)
}

/// A name that no other test and no other process uses.
fn new_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("orm_migrate_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Runs `test` in an empty database, which is dropped however it ends.
async fn in_database(test: impl AsyncFnOnce(&Pool)) {
    let (admin, name) = (admin(), new_name());
    create_database(&admin, &name).await.unwrap();
    let pool = pool(&name, 10);
    let outcome = AssertUnwindSafe(test(&pool)).catch_unwind().await;
    drop_database(&admin, &name).await.unwrap();
    if let Err(panicked) = outcome {
        panic::resume_unwind(panicked);
    }
}

/// Prepares with these models, which add what is missing, and compares what became of it.
async fn prepares(pool: &Pool, models: &[&'static ModelDef], expected: &str) {
    let prepared = prepare(pool, &schema(models), Policy::Additive).await.unwrap();
    assert_eq!(said(prepared), expected);
}

async fn is_current(pool: &Pool, models: &[&'static ModelDef]) {
    assert_eq!(inspect(pool, &schema(models)).await.unwrap(), Found::Current);
}

/// The first value of the first row, as text.
async fn value(pool: &Pool, sql: &str) -> String {
    let sql = format!("select (({sql}))::text");
    let statement = Statement { sql: &sql, lane: Lane::Fresh, params: &[], types: &[] };
    let rows = pool.acquire().await.unwrap().fetch(&statement).await.unwrap();
    rows[0].text(0).unwrap()
}

/// One line for what became of a database, then a line a step.
fn said(prepared: Prepared) -> String {
    let (what, list) = match prepared {
        Prepared::Created => ("created", Vec::new()),
        Prepared::Unchanged => ("unchanged", Vec::new()),
        Prepared::Applied(list) => ("applied", list),
        Prepared::Behind(list) => ("behind", list),
        Prepared::Ahead(list) => ("ahead", list),
    };
    [what.to_owned()].into_iter().chain(list).collect::<Vec<_>>().join("\n")
}

fn schema(models: &[&'static ModelDef]) -> Schema {
    Schema::of(models, None).unwrap()
}

/// The model of the table `things`.
const fn thing(fields: &'static [FieldDef]) -> ModelDef {
    ModelDef { fields, ..ModelDef::new("Thing", "things", "shop") }
}

const fn of<T: FieldType>(name: &'static str) -> FieldDef {
    FieldDef::of::<T>(FieldNames { name, one: name, many: name, any: name })
}
