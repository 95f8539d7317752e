//! A database for one test, copied from a template that has the tables already.

use std::{fs, fs::File, sync::Arc, time::Duration};

use orm::{
    Database, Pool, PoolOptions, Schema, Session,
    migrate::{
        self, Policy,
        database::{
            create_database, create_database_from_template, drop_database, list_databases,
            rename_database,
        },
    },
};
use tokio::task;

use crate::{
    Proxy, TestCluster, Upstream,
    cluster::{cluster, directory},
    leftovers::{FOLDER, drop_leftovers, fresh_name},
};

/// A database that one test has to itself.
pub struct TestDb {
    name: String,
    url: String,
    upstream: Upstream,
    /// Whether it is in a cluster of the test's own, and goes with that.
    goes_with_cluster: bool,
}

impl TestDb {
    /// A database with the tables of a schema, and no rows.
    pub async fn of(schema: &Schema) -> Self {
        let admin = admin().await;
        let template = template(&admin, schema).await;
        let name = fresh_name();
        create_database_from_template(&admin, &name, &template)
            .await
            .expect("a database can be copied from the template");
        admin.close().await;
        Self::shared(name).await
    }

    /// The same in a cluster of the test's own.
    pub async fn in_cluster(cluster: &TestCluster, schema: &Schema) -> Self {
        let (name, upstream) = ("postgres".to_owned(), cluster.upstream());
        let database = Self { url: cluster.url(&name), name, upstream, goes_with_cluster: true };
        let pool = database.pool();
        migrate::prepare(&pool, schema, Policy::Additive).await.expect("the tables can be made");
        pool.close().await;
        database
    }

    /// A database without any table.
    pub async fn empty() -> Self {
        let admin = admin().await;
        let name = fresh_name();
        create_database(&admin, &name).await.expect("a database can be made");
        admin.close().await;
        Self::shared(name).await
    }

    async fn shared(name: String) -> Self {
        let cluster = cluster().await;
        let (url, upstream) = (cluster.url(&name), Upstream::Unix(cluster.socket()));
        Self { name, url, upstream, goes_with_cluster: false }
    }

    /// Its address, as `DATABASE_URL` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its server, for a proxy before it.
    pub fn upstream(&self) -> Upstream {
        self.upstream.clone()
    }

    /// Its address through a proxy.
    pub fn url_through(&self, proxy: &Proxy) -> String {
        format!("postgresql://postgres@{}/{}", proxy.address(), self.name)
    }

    /// A pool on it.
    pub fn pool(&self) -> Pool {
        open(&self.url)
    }

    /// A session that passes every right, for arranging rows where there is no environment.
    pub fn session(&self, schema: Arc<Schema>) -> Session {
        Session::system(&Database::new(self.pool(), schema), "test")
    }

    /// Takes it away. A test that fails before leaves it to the next process.
    pub async fn drop(self) {
        if self.goes_with_cluster {
            return;
        }
        let admin = admin().await;
        drop_database(&admin, &self.name).await.expect("a database can be dropped");
        admin.close().await;
    }
}

/// A pool on the cluster's own database. One a call: connections belong to the runtime of the
/// test that opened them.
async fn admin() -> Pool {
    let admin = open(&cluster().await.url("postgres"));
    drop_leftovers(&admin).await;
    admin
}

/// The template with the tables of a schema, made by whichever process comes first.
async fn template(admin: &Pool, schema: &Schema) -> String {
    let name = format!("template_{}", migrate::ddl_hash(schema));
    let is_there = async || {
        let found = list_databases(admin, &name).await.expect("databases can be listed");
        found.contains(&name)
    };
    if is_there().await {
        return name;
    }
    let turn = task::spawn_blocking(wait_for_turn).await.expect("waiting was not cancelled");
    if !is_there().await {
        make_template(admin, schema, &name).await;
    }
    drop(turn);
    name
}

/// Makes it under another name first: what is found is whole.
async fn make_template(admin: &Pool, schema: &Schema, name: &str) {
    let unfinished = format!("unfinished_{name}");
    drop_database(admin, &unfinished).await.expect("an unfinished template can be dropped");
    create_database(admin, &unfinished).await.expect("a database can be made");
    let pool = open(&cluster().await.url(&unfinished));
    migrate::prepare(&pool, schema, Policy::Additive).await.expect("the tables can be made");
    pool.close().await;
    wait_until_alone(admin, &unfinished, name).await;
}

/// Renames the template as soon as the connection that made its tables is gone: the server ends
/// it a moment after the client has closed it.
async fn wait_until_alone(admin: &Pool, unfinished: &str, name: &str) {
    for _ in 0..200 {
        if rename_database(admin, unfinished, name).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    rename_database(admin, unfinished, name).await.expect("nobody uses a template");
}

/// The lock of whoever makes a template.
fn wait_for_turn() -> File {
    let path = directory().with_file_name(FOLDER).join("template.lock");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).expect("the target directory can be written to");
    }
    let file = File::options().create(true).append(true).open(path);
    let file = file.expect("the target directory can be written to");
    file.lock().expect("a lock can be waited for");
    file
}

fn open(url: &str) -> Pool {
    let options = PoolOptions {
        url: url.to_owned(),
        size: Some(4),
        acquire_timeout: Duration::from_secs(10),
        statement_timeout: Duration::from_secs(60),
        application_name: "artel tests".into(),
    };
    Pool::open(&options).expect("the address of the cluster is well-formed")
}
