//! What a module keeps beside a database.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use crate::stage::on_stage;

#[tokio::test]
async fn there_is_one_of_each_type_for_all_sessions() {
    on_stage(async |stage| {
        let (one, other) = (stage.system(), stage.session(stage.no_rights()));
        let count: Arc<AtomicU64> = one.database().kept();
        count.fetch_add(1, Ordering::Relaxed);
        let same: Arc<AtomicU64> = other.database().kept();
        assert_eq!(same.load(Ordering::Relaxed), 1);
        let another: Arc<String> = other.database().kept();
        assert_eq!(*another, "");
    })
    .await;
}
