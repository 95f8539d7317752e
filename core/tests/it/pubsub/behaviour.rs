//! What every broker does while all is well.

use artel_core::pubsub::{Heard, Options, PAYLOAD_BYTES_MAX, State};

use crate::pubsub::stage::{Stage, listen, next, text};

pub(crate) async fn everybody_hears_what_is_told(stage: &Stage) {
    let (ann, bob) = (stage.join(), stage.join());
    let mut at_ann = listen(&ann, "news").await;
    let mut at_bob = listen(&bob, "news").await;

    ann.publish("news", "17:412 · Grüße, 你好 🦀 \"'\\").await.unwrap();
    assert_eq!(text(&mut at_ann).await, "17:412 · Grüße, 你好 🦀 \"'\\", "one's own is heard");
    assert_eq!(text(&mut at_bob).await, "17:412 · Grüße, 你好 🦀 \"'\\");

    bob.publish("news", "").await.unwrap();
    assert_eq!(text(&mut at_ann).await, "");
    assert_eq!(text(&mut at_bob).await, "");
    assert_eq!([ann.state(), bob.state()], [State::Connected, State::Connected]);
}

/// Whoever joins a topic that is in force already hears it, too.
pub(crate) async fn the_first_thing_heard_is_a_gap(stage: &Stage) {
    let (ann, bob) = (stage.join(), stage.join());
    let mut first = listen(&ann, "news").await;
    let _connected = listen(&bob, "other").await;
    bob.publish("news", "1").await.unwrap();
    assert_eq!(text(&mut first).await, "1");

    let mut second = listen(&ann, "news").await;
    bob.publish("news", "2").await.unwrap();
    assert_eq!(text(&mut first).await, "2");
    assert_eq!(text(&mut second).await, "2");
}

pub(crate) async fn what_one_tells_is_heard_in_order(stage: &Stage) {
    let (ann, bob) = (stage.join(), stage.join());
    let mut at_ann = listen(&ann, "news").await;
    let mut at_bob = listen(&bob, "news").await;
    for number in 0..300 {
        ann.publish("news", &number.to_string()).await.unwrap();
    }
    for number in 0..300 {
        assert_eq!(text(&mut at_ann).await, number.to_string());
        assert_eq!(text(&mut at_bob).await, number.to_string());
    }
}

pub(crate) async fn topics_do_not_meet(stage: &Stage) {
    let (ann, bob) = (stage.join(), stage.join());
    let mut news = listen(&ann, "news").await;
    let mut more = listen(&ann, "news_2").await;
    let _connected = listen(&bob, "other").await;
    bob.publish("news_2", "of the second").await.unwrap();
    bob.publish("nobody_listens", "lost").await.unwrap();
    bob.publish("news", "of the first").await.unwrap();
    assert_eq!(text(&mut news).await, "of the first");
    assert_eq!(text(&mut more).await, "of the second");

    for topic in ["", "News", "a.b", "a b", "a*", ">", "\"", "ä", &"a".repeat(41)] {
        assert!(ann.subscribe(topic).is_err(), "{topic}");
        let refused = ann.publish(topic, "x").await.unwrap_err().to_string();
        assert!(refused.contains("no name of a topic"), "{refused}");
    }
    let mut longest = listen(&ann, &"a".repeat(40)).await;
    bob.publish(&"a".repeat(40), "far").await.unwrap();
    assert_eq!(text(&mut longest).await, "far");
}

/// Two installations may share a broker.
pub(crate) async fn namespaces_do_not_meet(stage: &Stage) {
    let namespace = "elsewhere".to_owned();
    let (own, other) = (stage.join(), stage.join_with(Options { namespace, ..stage.options() }));
    let mut at_own = listen(&own, "news").await;
    let mut at_other = listen(&other, "news").await;
    own.publish("news", "ours").await.unwrap();
    other.publish("news", "theirs").await.unwrap();
    own.publish("news", "ours again").await.unwrap();
    assert_eq!(text(&mut at_other).await, "theirs");
    assert_eq!(text(&mut at_own).await, "ours");
    assert_eq!(text(&mut at_own).await, "ours again");
}

pub(crate) async fn a_payload_may_be_as_long_as_the_limit(stage: &Stage) {
    let ann = stage.join();
    let mut news = listen(&ann, "news").await;
    let longest = format!("é{}", "x".repeat(PAYLOAD_BYTES_MAX - 2));
    assert_eq!(longest.len(), PAYLOAD_BYTES_MAX);
    ann.publish("news", &longest).await.unwrap();
    assert_eq!(text(&mut news).await, longest);

    let refused = ann.publish("news", &format!("{longest}x")).await.unwrap_err().to_string();
    assert!(refused.contains("7901") && refused.contains("7900"), "{refused}");
    let refused = ann.publish("news", "a\0b").await.unwrap_err().to_string();
    assert!(refused.contains("zero byte"), "{refused}");
    ann.publish("news", "and on").await.unwrap();
    assert_eq!(text(&mut news).await, "and on");
}

pub(crate) async fn who_reads_too_slowly_hears_a_gap_and_nobody_else_does(stage: &Stage) {
    let (ann, bob) = (stage.join_with(Options { unread_max: 10, ..stage.options() }), stage.join());
    let mut quick = listen(&ann, "news").await;
    let mut slow = listen(&ann, "news").await;
    let _connected = listen(&bob, "other").await;
    for number in 0..25 {
        bob.publish("news", &number.to_string()).await.unwrap();
        assert_eq!(text(&mut quick).await, number.to_string());
    }
    // Ten were kept; the eleventh made one gap of them, and nine more came; and so on.
    assert_eq!(next(&mut slow).await, Some(Heard::Gap));
    for number in 21..25 {
        assert_eq!(text(&mut slow).await, number.to_string());
    }
    bob.publish("news", "and on").await.unwrap();
    assert_eq!(text(&mut slow).await, "and on");
    assert_eq!(text(&mut quick).await, "and on");
}

pub(crate) async fn who_listens_again_hears_again(stage: &Stage) {
    let ann = stage.join();
    for number in 0..20 {
        let mut news = listen(&ann, "news").await;
        ann.publish("news", &number.to_string()).await.unwrap();
        assert_eq!(text(&mut news).await, number.to_string());
    }
    // Nobody waits for the topic to be left before it is joined again.
    for _ in 0..20 {
        drop(ann.subscribe("news").unwrap());
    }
    let mut news = listen(&ann, "news").await;
    ann.publish("news", "still there").await.unwrap();
    assert_eq!(text(&mut news).await, "still there");
}

pub(crate) async fn closing_ends_subscriptions(stage: &Stage) {
    let (ann, bob) = (stage.join(), stage.join());
    let mut news = listen(&ann, "news").await;
    let mut at_bob = listen(&bob, "news").await;
    ann.publish("news", "last").await.unwrap();
    assert_eq!(text(&mut at_bob).await, "last");
    ann.close().await;
    ann.close().await;

    let mut rest = Vec::new();
    while let Some(heard) = next(&mut news).await {
        rest.push(heard);
    }
    assert!(rest.len() <= 1 && rest.iter().all(|it| *it == Heard::Message("last".into())));
    assert_eq!(ann.state(), State::Closed);
    assert!(ann.publish("news", "later").await.unwrap_err().is_unavailable());
    assert_eq!(next(&mut ann.subscribe("news").unwrap()).await, None);

    bob.publish("news", "others go on").await.unwrap();
    assert_eq!(text(&mut at_bob).await, "others go on");
}
