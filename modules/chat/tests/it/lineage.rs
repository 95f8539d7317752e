//! A database that is another than before: clients are told that what they know may be wrong.

use artel_core::Session;
use artel_testing::{TestApp, TestCluster, in_time};
use chat::log::{
    epoch::{self, Epochs},
    lineage::{self, Compared},
};
use serde_json::{Value, json};

use crate::{listener::Listener, room::Room};

/// Longer than a test lasts: nobody looks but at a gap.
const NEVER_MS: &str = "3600000";

#[tokio::test]
async fn a_raised_epoch_is_told_to_every_listener_within_a_poll() {
    let room = Room::arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let mut here = Listener::to(&room.boris, room.group).await;
    let mut there = Listener::to(&beside.user("ann").await, room.group).await;
    assert_eq!(epoch::bump(&room.app.session()).await.unwrap(), 1);
    let reset = json!({ "type": "reset", "chat_id": room.group, "as_of_seq": 2, "epoch": 2 });
    assert_eq!(here.frame().await, reset);
    assert_eq!(there.frame().await, reset);
    // They go on from there.
    room.say(&room.ann, "afterwards").await;
    assert_eq!(here.event().await, "3 message.created afterwards");
    assert_eq!(there.event().await, "3 message.created afterwards");
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn a_reconnect_to_another_database_raises_the_epoch_once_and_to_the_same_one_does_not() {
    let builder = || TestApp::builder().setting("ARTEL_CHAT__POLL_MS", NEVER_MS);
    let modules = [auth_token::MODULE, chat::MODULE];
    let room = Room::of(builder().start(&modules).await).await;
    let beside = builder().start_beside(&room.app, &modules).await;
    let mut here = Listener::to(&room.boris, room.group).await;
    let mut there = Listener::to(&beside.user("ann").await, room.group).await;
    let session = room.app.session();

    // The control: listeners come back, and it is the same database.
    reconnect_listeners(&session).await;
    room.say(&room.ann, "one").await;
    for listener in [&mut here, &mut there] {
        assert_eq!(listener.event().await, "3 message.created one");
        listener.hears_nothing().await;
    }
    assert_eq!(highest(&session).await, 1);

    remember(&session, "update chat_lineages set timeline = timeline + 1 returning 1::text").await;
    reconnect_listeners(&session).await;
    let reset = json!({ "type": "reset", "chat_id": room.group, "as_of_seq": 3, "epoch": 2 });
    assert_eq!(here.frame().await, reset);
    assert_eq!(there.frame().await, reset);
    room.say(&room.ann, "two").await;
    for listener in [&mut here, &mut there] {
        assert_eq!(listener.event().await, "4 message.created two");
        listener.hears_nothing().await;
    }
    assert_eq!(highest(&session).await, 2, "both have seen it, and one has raised it");
    assert_eq!(lineage::compare(&session).await.unwrap(), Compared::Same);
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn of_many_who_see_it_at_once_one_raises_it() {
    let room = Room::arrange().await;
    let session = room.app.session();
    for (difference, expected) in [
        ("update chat_lineages set system_identifier = '1' returning 1::text", 2),
        ("update chat_lineages set timeline = 99 returning 1::text", 3),
        ("update chat_lineages set database_oid = 1 returning 1::text", 4),
    ] {
        remember(&session, difference).await;
        let compare = || async { lineage::compare(&session).await.unwrap() };
        let (a, b, c, d) = tokio::join!(compare(), compare(), compare(), compare());
        let raised = [a, b, c, d].into_iter().filter(|it| *it == Compared::Raised(1)).count();
        // A poll of the server may have been the one.
        assert!(raised <= 1, "{raised} have raised it");
        assert_eq!(highest(&session).await, expected);
    }
    room.app.stop().await;
}

#[tokio::test]
async fn an_ordinary_role_may_ask_and_one_that_may_not_raises_nothing() {
    let builder = TestApp::builder().setting("ARTEL_CHAT__POLL_MS", NEVER_MS);
    let room = Room::of(builder.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    let session = room.app.session();
    let tx = session.begin().await.unwrap();
    tx.sql("set local role pg_read_all_data", &[]).await.unwrap();
    let (here, remembered) = lineage::lineages(&tx).await.unwrap();
    assert!(here.is_some() && here == remembered, "{here:?} and {remembered:?}");
    assert_eq!(lineage::compare(&tx).await.unwrap(), Compared::Same);
    tx.rollback().await.unwrap();

    remember(&session, "update chat_lineages set timeline = 99 returning 1::text").await;
    let revoke = "revoke execute on function pg_control_system() from public";
    session.sql(revoke, &[]).await.unwrap();
    let tx = session.begin().await.unwrap();
    tx.sql("set local role pg_read_all_data", &[]).await.unwrap();
    assert_eq!(lineage::compare(&tx).await.unwrap(), Compared::Forbidden);
    let (here, remembered) = lineage::lineages(&tx).await.unwrap();
    assert_eq!((here, remembered.unwrap().timeline), (None, 99));
    tx.rollback().await.unwrap();
    assert_eq!(highest(&session).await, 1);
    // Whoever may ask finds it.
    assert_eq!(lineage::compare(&session).await.unwrap(), Compared::Raised(1));
    room.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_begins_another_timeline_and_clients_are_told() {
    let cluster = TestCluster::start().await;
    let modules = [auth_token::MODULE, chat::MODULE];
    let room = Room::of(TestApp::builder().start_in(&cluster, &modules).await).await;
    let beside = TestApp::builder().start_beside(&room.app, &modules).await;
    room.say(&room.ann, "before").await;
    // A restart alone is nothing of that sort.
    cluster.restart("INT").await;
    let session = room.app.session();
    in_time(async { while lineage::compare(&session).await.is_err() {} }).await;
    assert_eq!(highest(&session).await, 1);

    let mut here = Listener::to(&room.boris, room.group).await;
    let mut there = Listener::to(&beside.user("ann").await, room.group).await;
    cluster.recover().await;
    let expected = json!({ "type": "reset", "chat_id": room.group, "as_of_seq": 3, "epoch": 2 });
    assert_eq!(reset(&mut here).await, expected);
    assert_eq!(reset(&mut there).await, expected);
    assert_eq!(highest(&session).await, 2);
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_out_of_a_dump_into_another_cluster_is_found_at_the_start() {
    let modules = [auth_token::MODULE, chat::MODULE];
    let cluster = TestCluster::start().await;
    let room = Room::of(TestApp::builder().start_in(&cluster, &modules).await).await;
    room.say(&room.ann, "before").await;
    let path = room.path("/messages");
    // The control: the next start finds the same database.
    let app = room.app.restart(&modules).await;
    let window = app.user("ann").await.get(&path).await.expect(200);
    assert_eq!(window.at("epoch"), 1);

    // What a dump of a database of another cluster brings along.
    let elsewhere = Room::arrange().await;
    let brought = lineage::lineages(&elsewhere.app.session()).await.unwrap().1.unwrap();
    let bring = "update chat_lineages set system_identifier = $1 returning 1::text";
    app.session().sql(bring, &[&brought.system_identifier]).await.unwrap();
    let app = app.restart(&modules).await;
    let window = app.user("ann").await.get(&path).await.expect(200);
    assert_eq!(window.at("epoch"), 2);
    assert_eq!(window.at("data")[0]["body"], "before");
    let beside = app.beside(&modules).await;
    assert_eq!(highest(&app.session()).await, 2, "it is remembered by now");
    assert_eq!(highest(&elsewhere.app.session()).await, 1);
    beside.stop().await;
    app.stop().await;
    elsewhere.app.stop().await;
}

async fn highest(session: &Session) -> i64 {
    let Epochs { highest, .. } = epoch::epochs(session).await.unwrap();
    highest
}

async fn remember(session: &Session, another: &'static str) {
    assert_eq!(session.sql(another, &[]).await.unwrap().len(), 1);
}

/// The next frame that has a reset begin anew; others are passed over.
async fn reset(listener: &mut Listener) -> Value {
    loop {
        let frame = listener.frame().await;
        if frame["type"] == "reset" {
            return frame;
        }
    }
}

/// Ends the two connections that listen, and waits until there are two others.
async fn reconnect_listeners(session: &Session) {
    let ended = session.sql(END_LISTENERS, &[]).await.unwrap();
    assert_eq!(ended.len(), 2, "one of each environment");
    let are_others = async |there: Vec<Vec<Option<String>>>| {
        there.len() == 2 && there.iter().all(|it| !ended.contains(it))
    };
    in_time(async { while !are_others(session.sql(LISTENERS, &[]).await.unwrap()).await {} }).await;
}

const END_LISTENERS: &str = "select pid::text from pg_stat_activity \
     where datname = current_database() and application_name like '% listener' \
         and pg_terminate_backend(pid)";

const LISTENERS: &str = "select pid::text from pg_stat_activity \
     where datname = current_database() and application_name like '% listener'";
