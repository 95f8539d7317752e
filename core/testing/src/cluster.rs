//! The cluster of this process's tests: in the target directory, shared with all other test
//! processes, gone when the last of them is.

use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use artel_cluster::{Cluster, Durability, Options};
use tokio::task;

/// The cluster, started when it is first asked for.
///
/// A static is right here: a test process has one, whatever number of environments it makes.
pub(crate) async fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let start = || {
        CLUSTER.get_or_init(|| {
            let options = Options {
                dir: directory(),
                durability: Durability::Throwaway,
                programs: None,
                notice: |_| {},
            };
            Cluster::start(&options).expect("tests need PostgreSQL programs on this machine")
        })
    };
    task::spawn_blocking(start).await.expect("the start of the cluster was not cancelled")
}

/// Where the cluster is kept.
pub(crate) fn directory() -> PathBuf {
    target().join("pg")
}

/// The target directory, which cargo marks with a file, wherever it was told to put it.
pub(crate) fn target() -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let marked = program.ancestors().find(|it| it.join("CACHEDIR.TAG").exists());
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    marked.map_or(usual, Path::to_path_buf)
}
