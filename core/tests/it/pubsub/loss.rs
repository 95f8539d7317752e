//! What every broker does when it is lost: a gap says so, and what comes later is heard.

use std::{sync::Arc, time::Duration};

use artel_core::pubsub::{Heard, Options, PubSub, State, Subscription};

use orm::Uuid;
use tokio::time;

use crate::pubsub::stage::{Stage, in_time, listen, next, until};

pub(crate) async fn a_connection_that_is_cut_is_a_gap(stage: &Stage) {
    let (ann, bob) = (stage.join(), stage.join());
    let mut first = listen(&ann, "news").await;
    let mut second = listen(&ann, "other").await;
    for _ in 0..3 {
        stage.sever();
        gap(&mut first).await;
        gap(&mut second).await;
        hear_again(&mut first, &bob, "news").await;
        hear_again(&mut second, &bob, "other").await;
    }
}

pub(crate) async fn a_broker_that_comes_late_is_found(stage: &Stage) {
    stage.cut();
    let ann = stage.join();
    let mut news = ann.subscribe("news").unwrap();
    let has_tried = |state| matches!(state, State::Away { why, .. } if !why.contains("yet"));
    until(async || has_tried(ann.state())).await;
    assert!(ann.publish("news", "nobody hears it").await.unwrap_err().is_unavailable());

    stage.restore();
    assert_eq!(next(&mut news).await, Some(Heard::Gap));
    hear_again(&mut news, &ann, "news").await;
    assert_eq!(ann.state(), State::Connected);
}

pub(crate) async fn a_broker_that_goes_silent_is_noticed(stage: &Stage) {
    let hasty = Options {
        beat_patience: Duration::from_millis(400),
        connect_patience: Duration::from_millis(400),
        publish_patience: Duration::from_millis(400),
        ..stage.options()
    };
    let ann = stage.join_with(hasty);
    let mut news = listen(&ann, "news").await;
    stage.swallow();
    gap(&mut news).await;
    until(async || matches!(ann.state(), State::Away { .. })).await;
    let refused = in_time(ann.publish("news", "lost")).await.unwrap_err();
    assert!(refused.is_unavailable(), "{refused}");

    stage.restore();
    hear_again(&mut news, &ann, "news").await;
}

/// Reads up to a gap; what was told before it may still be there.
pub(crate) async fn gap(listening: &mut Subscription) {
    in_time(async { while listening.next().await.expect("it is not closed") != Heard::Gap {} })
        .await;
}

/// Tells until it is heard: what is told while nobody is connected is lost.
pub(crate) async fn hear_again(
    listening: &mut Subscription,
    telling: &Arc<dyn PubSub>,
    topic: &str,
) {
    let word = Uuid::new_v4().to_string();
    let told = Some(Heard::Message(word.as_str().into()));
    let tell = async {
        loop {
            let _ = telling.publish(topic, &word).await;
            time::sleep(Duration::from_millis(20)).await;
        }
    };
    let hear = async { while listening.next().await != told {} };
    in_time(async {
        tokio::select! {
            () = hear => {}
            () = tell => {}
        }
    })
    .await;
}
