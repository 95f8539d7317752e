//! Post-init: the rows that modules cannot live without, and those to look at and play with.
//!
//! **Invariant:** the rows of one module are made in one transaction, and by one process at a
//! time.

use std::sync::Arc;

use orm::{Session, Tx};

use crate::{
    App, Result,
    demo::Progress,
    environment::{StartError, patience::Patience},
    module::{Fill, LargeFill},
};

/// Held by whoever fills tables; any number that nobody else of us uses.
const FILL_LOCK: &str = "4706923281640507724";

/// The module under which loaded demo data is remembered in the table `seeds`.
const DEMO: &str = "demo";

/// Makes the rows of every module, in module order; those that are there stay as they are.
pub(crate) async fn seed(
    app: &Arc<App>,
    seeds: &[(&'static str, Fill)],
    patience: Patience,
) -> Result<(), StartError> {
    for &(module, fill) in seeds {
        let filled = async || {
            let session = Session::system(app.database()?, "seed").with_host(app.clone());
            session.transaction(async |tx| run(tx, fill).await).await
        };
        patience
            .attempt(module, filled)
            .await
            .map_err(|error| StartError::Fill { module, error })?;
    }
    Ok(())
}

/// Loads the demo data of every module that has not loaded it yet; gives the names of those
/// that did now.
pub(crate) async fn seed_demo(
    app: &Arc<App>,
    demos: &[(&'static str, Fill)],
) -> Result<Vec<&'static str>, StartError> {
    let mut loaded = Vec::new();
    for &(module, fill) in demos {
        if run_once(app, module, module, async |tx| fill(tx).await).await? {
            loaded.push(module);
        }
    }
    Ok(loaded)
}

/// The same with the many rows that modules have for a measurement.
pub(crate) async fn seed_large_demo(
    app: &Arc<App>,
    demos: &[(&'static str, LargeFill)],
    progress: &dyn Progress,
) -> Result<Vec<&'static str>, StartError> {
    let mut loaded = Vec::new();
    for &(module, fill) in demos {
        let key = format!("{module}, large");
        if run_once(app, module, &key, async |tx| fill(tx, progress).await).await? {
            loaded.push(module);
        }
    }
    Ok(loaded)
}

async fn run(tx: &Tx, fill: Fill) -> Result<()> {
    lock(tx).await?;
    fill(tx).await
}

/// Runs a work that is remembered by its key; gives whether there was something to do.
async fn run_once(
    app: &Arc<App>,
    module: &'static str,
    key: &str,
    work: impl AsyncFnOnce(&Tx) -> Result<()>,
) -> Result<bool, StartError> {
    let filled = async {
        let session = Session::system(app.database()?, "demo").with_host(app.clone());
        let once = async |tx: &mut Tx| {
            lock(tx).await?;
            let remembered = tx
                .sql(
                    "insert into seeds (module, key, model, record_id, hash) \
                     values ($1, $2, '', 0, '') on conflict do nothing returning key",
                    &[DEMO, key],
                )
                .await?;
            if remembered.is_empty() {
                return Ok(false);
            }
            work(tx).await?;
            Ok(true)
        };
        session.transaction(once).await
    };
    filled.await.map_err(|error| StartError::Fill { module, error })
}

async fn lock(tx: &Tx) -> Result<()> {
    tx.sql("select pg_advisory_xact_lock($1::bigint)::text", &[FILL_LOCK]).await?;
    Ok(())
}
