//! What PostgreSQL does beside what every broker does.

use std::{sync::Arc, time::Duration};

use artel_core::pubsub::{self, Heard, Options};
use artel_testing::TestDb;
use orm::{Database, Schema, Session};

use crate::pubsub::{
    loss::{gap, hear_again},
    stage::{listen, next, pool, text, until},
};

#[tokio::test]
async fn one_connection_serves_all_topics_and_is_none_of_the_pool() {
    let database = TestDb::empty().await;
    let shared = pool(database.url(), 1);
    let ann = pubsub::pg(shared.clone(), quick()).unwrap();
    let mut topics: Vec<_> =
        (0..50).map(|it| ann.subscribe(&format!("topic_{it}")).unwrap()).collect();
    for topic in &mut topics {
        assert_eq!(next(topic).await, Some(Heard::Gap));
    }
    assert_eq!(shared.status().size, 0, "the pool was not used");

    // A pool that is empty stops nothing.
    let busy = Session::system(&Database::new(shared.clone(), no_models()), "test");
    let held = busy.begin().await.unwrap();
    assert_eq!(listeners(&held).await, ["idle"], "and it is in no transaction");
    assert_eq!((shared.status().in_use, shared.status().max), (1, 1));
    ann.publish("topic_7", "told").await.unwrap();
    assert_eq!(text(&mut topics[7]).await, "told");

    drop(held);
    ann.close().await;
    until(async || listeners(&busy).await.is_empty()).await;
    shared.close().await;
    database.drop().await;
}

#[tokio::test]
async fn a_session_that_the_server_ends_is_a_gap() {
    let database = TestDb::empty().await;
    let ann = pubsub::pg(pool(database.url(), 1), quick()).unwrap();
    let mut news = listen(&ann, "news").await;
    let session = database.session(no_models());
    for _ in 0..3 {
        let ended = "select pg_terminate_backend(pid)::text from pg_stat_activity \
                     where datname = current_database() and application_name like '% listener'";
        assert_eq!(session.sql(ended, &[]).await.unwrap(), [[Some("true".to_owned())]]);
        gap(&mut news).await;
        hear_again(&mut news, &ann, "news").await;
    }
    session.database().pool().close().await;
    ann.close().await;
    database.drop().await;
}

fn quick() -> Options {
    let pause = [Duration::from_millis(10), Duration::from_millis(100)];
    Options { beat_every: Duration::from_millis(100), pause, ..Options::default() }
}

fn no_models() -> Arc<Schema> {
    Schema::of(&[], None).unwrap().into()
}

/// What the connections that listen in this database are doing.
async fn listeners(session: &Session) -> Vec<String> {
    let sql = "select state from pg_stat_activity \
               where datname = current_database() and application_name like '% listener'";
    session.sql(sql, &[]).await.unwrap().into_iter().flatten().flatten().collect()
}
