//! Which database it is: the one that somebody named, or one in a managed cluster.

use artel_cluster::{Cluster, Durability, Options};
use artel_core::{Error, Result, Settings, settings::ExposeSecret};
use orm::{Pool, PoolOptions, Unreachable, migrate::database::create_database};
use tokio::task;

/// The database of an installation in its managed cluster.
const NAME: &str = "artel";

/// A pool on the database, and the cluster that must live as long, if it is ours.
pub(crate) async fn open(settings: &Settings) -> Result<(Pool, Option<Cluster>)> {
    let Some(url) = &settings.database_url else {
        let cluster = start_cluster(settings).await?;
        ensure_database(settings, &cluster).await?;
        return Ok((pool(settings, cluster.url(NAME))?, Some(cluster)));
    };
    let pool = pool(settings, url.expose_secret().to_owned())?;
    check(&pool).await?;
    Ok((pool, None))
}

/// Whether the database answers; if it answers no, trying again does not help.
pub(crate) async fn check(pool: &Pool) -> Result<()> {
    pool.check().await.map_err(|unreachable| match unreachable {
        Unreachable::Away(why) => Error::unavailable(why),
        Unreachable::Refused(why) => Error::broken(format!("{why}; see DATABASE_URL")),
    })
}

fn pool(settings: &Settings, url: String) -> Result<Pool> {
    Ok(Pool::open(&PoolOptions {
        url,
        size: settings.pool.size,
        acquire_timeout: settings.pool.acquire_timeout,
        statement_timeout: settings.pool.statement_timeout,
        application_name: "artel".into(),
    })?)
}

/// Starting blocks, for seconds where the programs have to be fetched first.
async fn start_cluster(settings: &Settings) -> Result<Cluster> {
    let options = Options {
        dir: settings.data_dir.join("pg"),
        durability: Durability::Durable,
        programs: settings.pg_bin.clone(),
        notice: |text| tracing::info!(target: "database", "{text}"),
    };
    task::spawn_blocking(move || Cluster::start(&options))
        .await
        .map_err(|_| Error::broken("the start of the managed cluster panicked"))?
        .map_err(|error| Error::broken(error.to_string()))
}

/// Makes the database if it is not there. Of several processes that try, one succeeds, and the
/// others find it made.
async fn ensure_database(settings: &Settings, cluster: &Cluster) -> Result<()> {
    let ours = pool(settings, cluster.url(NAME))?;
    if matches!(ours.check().await, Err(Unreachable::Refused(_))) {
        let admin = pool(settings, cluster.url("postgres"))?;
        let created = create_database(&admin, NAME).await;
        admin.close().await;
        if let (Err(error), Err(_)) = (created, ours.check().await) {
            return Err(error.into());
        }
    }
    check(&ours).await
}
