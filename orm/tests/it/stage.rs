//! A database for one test, and the sessions of those who ask it.

use std::{
    env,
    panic::{self, AssertUnwindSafe},
    path::PathBuf,
    process,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use artel_cluster::{Cluster, Durability, Options};
use futures_util::FutureExt;
use orm::{
    Asker, Database, Pool, PoolOptions, Schema, Session,
    chrono::{DateTime, Utc},
    migrate::{
        Policy,
        database::{
            create_database, create_database_from_template, drop_database, list_databases,
            rename_database,
        },
        ddl_hash, prepare,
    },
};
use tokio::sync::OnceCell;

use crate::{library, rights::Rights};

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

/// The tables of the library in a database of the test's own.
pub(crate) struct Stage {
    pub(crate) database: Database,
    name: String,
}

/// Runs `test` in an empty library, which is gone afterwards however it ends.
pub(crate) async fn on_stage(test: impl AsyncFnOnce(&Stage)) {
    let stage = Stage::open().await;
    let outcome = AssertUnwindSafe(test(&stage)).catch_unwind().await;
    stage.close().await;
    if let Err(panicked) = outcome {
        panic::resume_unwind(panicked);
    }
}

/// A database with the tables of the library, which those of the tests are copies of. It stays for
/// other processes, and is found by them only when it is whole.
async fn template(schema: &Schema) -> &'static str {
    static MADE: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let admin = pool("postgres", 1);
        let name = format!("orm_it_template_{}", ddl_hash(schema));
        let is_there = async || list_databases(&admin, &name).await.unwrap().contains(&name);
        if is_there().await {
            return name;
        }
        let draft = format!("orm_it_draft_{}", process::id());
        create_database(&admin, &draft).await.unwrap();
        let tables = pool(&draft, 1);
        prepare(&tables, schema, Policy::Additive).await.unwrap();
        tables.close().await;
        // The server sees a moment later that nobody is connected any more.
        while rename_database(&admin, &draft, &name).await.is_err() {
            if is_there().await {
                drop_database(&admin, &draft).await.unwrap();
                break;
            }
        }
        name
    };
    MADE.get_or_init(make).await
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

impl Stage {
    /// An empty library.
    pub(crate) async fn open() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("orm_it_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let schema = library::schema();
        let template = template(&schema).await;
        create_database_from_template(&pool("postgres", 1), &name, template).await.unwrap();
        Self { database: Database::new(pool(&name, 4), schema), name }
    }

    /// Takes it away.
    pub(crate) async fn close(self) {
        drop_database(&pool("postgres", 1), &self.name).await.unwrap();
    }

    /// A session that passes every right.
    pub(crate) fn system(&self) -> Session {
        Session::system(&self.database, "test")
    }

    /// Rights that give nothing yet.
    pub(crate) fn no_rights(&self) -> Rights {
        Rights::none(&self.database)
    }

    /// Rights that give everything.
    pub(crate) fn all_rights(&self) -> Rights {
        Rights::all(&self.database)
    }

    /// A session with these rights.
    pub(crate) fn session(&self, rights: Rights) -> Session {
        self.session_of(None, rights)
    }

    /// A session of a reader with these rights.
    pub(crate) fn session_of(&self, reader: Option<i64>, rights: Rights) -> Session {
        self.asked_by((reader, "en"), rights)
    }

    /// A session with these rights that reads a language.
    pub(crate) fn session_in(&self, language: &'static str, rights: Rights) -> Session {
        self.asked_by((None, language), rights)
    }

    fn asked_by(&self, (id, language): (Option<i64>, &'static str), rights: Rights) -> Session {
        let asker = Asker {
            access: Arc::new(rights),
            id,
            language,
            now: now(),
            statements: Arc::default(),
            host: Arc::new(()),
        };
        Session::new(&self.database, asker)
    }
}

/// The time of every session of the tests.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-31T13:14:15Z".parse().unwrap()
}
