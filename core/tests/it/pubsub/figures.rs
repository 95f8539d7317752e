//! What operators see of it.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::runtime;

use crate::pubsub::{
    loss::{gap, hear_again},
    stage::{Stage, listen, text},
};

#[test]
fn what_happens_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // All of the runtime's tasks run on this thread, which has a recorder of its own.
    metrics::with_local_recorder(&recorder, || runtime.block_on(happens(&handle)));
}

async fn happens(figures: &PrometheusHandle) {
    let stage = Stage::pg().await;
    let ann = stage.join();
    let mut news = listen(&ann, "news").await;
    ann.publish("news", "1").await.unwrap();
    ann.publish("nobody_listens", "2").await.unwrap();
    assert_eq!(text(&mut news).await, "1");
    assert_eq!(value(figures, "artel_pubsub_published_total"), Some(2.0));
    assert_eq!(value(figures, "artel_pubsub_heard_total"), Some(1.0));
    assert_eq!(value(figures, "artel_pubsub_connected"), Some(1.0));
    assert_eq!(value(figures, "artel_pubsub_gaps_total{reason=\"subscribed\"}"), Some(1.0));
    assert_eq!(value(figures, "artel_pubsub_reconnects_total"), None);
    let usage = value(figures, "artel_pubsub_queue_usage").unwrap();
    assert!((0.0..0.5).contains(&usage), "{usage}");
    assert!(value(figures, "artel_pubsub_heartbeat_seconds_count").unwrap() >= 1.0);

    stage.cut();
    gap(&mut news).await;
    assert_eq!(value(figures, "artel_pubsub_gaps_total{reason=\"disconnected\"}"), Some(1.0));
    stage.restore();
    hear_again(&mut news, &ann, "news").await;
    assert_eq!(value(figures, "artel_pubsub_gaps_total{reason=\"reconnected\"}"), Some(1.0));
    assert_eq!(value(figures, "artel_pubsub_reconnects_total"), Some(1.0));

    ann.close().await;
    assert_eq!(value(figures, "artel_pubsub_connected"), Some(0.0));
    stage.leave().await;
}

fn value(figures: &PrometheusHandle, name: &str) -> Option<f64> {
    let text = figures.render();
    let line = text.lines().find_map(|it| it.strip_prefix(name)?.strip_prefix(' '));
    line.map(|it| it.parse().unwrap())
}
