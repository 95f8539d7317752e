//! Settings choose the broker.

use std::time::Duration;

use artel_core::{
    Settings,
    pubsub::{self, Options, State},
    settings::{ExposeSecret, SecretString, Source},
};
use artel_testing::TestDb;
use orm::{Database, Schema};

use crate::pubsub::stage::{Stage, listen, pool, text, until};

#[tokio::test]
async fn the_database_is_the_broker_that_needs_no_setting() {
    check(&[], None).await;
}

#[tokio::test]
async fn redis_is_chosen() {
    let stage = Stage::redis().await;
    check(&[("ARTEL_CHAT__PUBSUB", "redis")], stage.url().map(|it| ("REDIS", it))).await;
}

#[tokio::test]
async fn nats_is_chosen() {
    let stage = Stage::nats().await;
    check(&[("ARTEL_CHAT__PUBSUB", "nats")], stage.url().map(|it| ("NATS", it))).await;
}

/// Nothing leaves the one that was made.
#[tokio::test]
async fn memory_is_chosen_in_development() {
    let database = TestDb::empty().await;
    let own = pool(database.url(), 1);
    let found = settings(&[("ARTEL_CHAT__PUBSUB", "memory")], None);
    let ann = pubsub::connect(&found, &of(&own)).unwrap();
    let mut news = listen(&ann, "news").await;
    ann.publish("news", "heard").await.unwrap();
    assert_eq!(text(&mut news).await, "heard");
    assert_eq!(own.status().size, 0);
    database.drop().await;
}

/// Encryption that is asked for is never left out, whatever the server can do.
#[tokio::test]
async fn a_server_that_does_not_encrypt_is_none_where_encryption_is_asked_for() {
    let (redis, nats) = (Stage::redis().await, Stage::nats().await);
    let encrypted = |stage: &Stage, plain: &str, scheme: &str| {
        let url = stage.url().unwrap().expose_secret();
        SecretString::from(url.replacen(plain, scheme, 1))
    };
    let hasty =
        |stage: &Stage| Options { connect_patience: Duration::from_millis(300), ..stage.options() };
    for joined in [
        pubsub::redis(&encrypted(&redis, "redis://", "rediss://"), hasty(&redis)).unwrap(),
        pubsub::nats(&encrypted(&nats, "nats://", "tls://"), hasty(&nats)).unwrap(),
    ] {
        let has_tried =
            |state| matches!(state, State::Away { why, .. } if !why.contains("reached yet"));
        until(async || has_tried(joined.state())).await;
        assert!(joined.publish("news", "secret").await.unwrap_err().is_unavailable());
    }
}

/// Two processes with these settings hear each other, and one of another namespace does not.
async fn check(own: &[(&str, &str)], url: Option<(&str, &SecretString)>) {
    let database = TestDb::empty().await;
    let own_pool = pool(database.url(), 1);
    let name = orm::Uuid::new_v4().simple().to_string();
    let joined = |namespace: &str| {
        let namespace = ("ARTEL_CHAT__PUBSUB_NAMESPACE", namespace);
        let own: Vec<_> = own.iter().copied().chain([namespace]).collect();
        pubsub::connect(&settings(&own, url), &of(&own_pool)).unwrap()
    };
    let [ann, bob, eve] = [&name[..12], &name[..12], &name[12..24]].map(joined);
    let mut at_bob = listen(&bob, "news").await;
    let mut at_eve = listen(&eve, "news").await;
    let _connected = listen(&ann, "other").await;
    ann.publish("news", "ours").await.unwrap();
    eve.publish("news", "theirs").await.unwrap();
    assert_eq!(text(&mut at_bob).await, "ours");
    assert_eq!(text(&mut at_eve).await, "theirs");
    for it in [ann, bob, eve] {
        assert_eq!(it.state(), State::Connected);
        it.close().await;
    }
    database.drop().await;
}

fn settings(own: &[(&str, &str)], url: Option<(&str, &SecretString)>) -> Settings {
    let url = url.map(|(name, it)| (format!("ARTEL_CHAT__{name}_URL"), it.expose_secret()));
    let url = url.iter().map(|(name, it)| (name.as_str(), *it));
    let usual = [("ARTEL_MODE", "development")];
    Settings::read(&Source::of(usual.into_iter().chain(own.iter().copied()).chain(url))).unwrap()
}

fn of(pool: &orm::Pool) -> Database {
    Database::new(pool.clone(), Schema::of(&[], None).unwrap().into())
}
