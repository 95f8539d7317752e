//! Who is there is known on every process, to those who share a chat with them and to nobody else.

use artel_testing::{Client, Proxy, TestApp, TestClock};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    listener::Listener,
    room::{CHATS, Room},
};

/// Sockets are pinged, and so processes heard of, this often; in milliseconds.
const PING: u64 = 1_500;

async fn arrange() -> Room {
    let app = TestApp::builder().setting("ARTEL_SOCKET__PING_MS", PING);
    Room::of(app.start(&[auth_token::MODULE, chat::MODULE]).await).await
}

fn presence(user: i64, state: &str) -> Value {
    json!({ "type": "presence", "user_id": user, "state": state })
}

async fn watch(listener: &mut Listener, users: &[i64]) {
    listener.say(json!({ "type": "watch", "users": users })).await;
}

/// Waits for the next thing that is said of users, which is this one.
async fn sees(listener: &mut Listener, user: i64, state: &str) {
    assert_eq!(listener.frame().await, presence(user, state));
}

#[tokio::test]
async fn somebody_comes_and_goes_on_whatever_process() {
    let room = arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let boris_there = beside.user("boris").await;
    let boris = room.user("boris").await;
    let mut ann = Listener::of(&room.ann).await;
    watch(&mut ann, &[boris]).await;
    sees(&mut ann, boris, "offline").await;
    let there = Listener::of(&boris_there).await;
    sees(&mut ann, boris, "online").await;
    // Here as well: nothing changes by it, nor when one of the two goes.
    let here = Listener::of(&room.boris).await;
    drop(there);
    watch(&mut ann, &[boris]).await;
    sees(&mut ann, boris, "online").await;
    drop(here);
    sees(&mut ann, boris, "offline").await;
    // Somebody who has always been there is found by a process that starts later.
    let _there = Listener::of(&boris_there).await;
    sees(&mut ann, boris, "online").await;
    let late = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let mut ann_late = Listener::of(&late.user("ann").await).await;
    watch(&mut ann_late, &[boris]).await;
    let first = ann_late.frame().await;
    if first == presence(boris, "offline") {
        sees(&mut ann_late, boris, "online").await;
    } else {
        assert_eq!(first, presence(boris, "online"));
    }
    late.stop().await;
    beside.stop().await;
    sees(&mut ann, boris, "offline").await;
    room.app.stop().await;
}

#[tokio::test]
async fn of_strangers_nothing_is_said() {
    let room = arrange().await;
    let (boris, clara) = (room.user("boris").await, room.user("clara").await);
    let _clara = Listener::of(&room.clara).await;
    let mut ann = Listener::of(&room.ann).await;
    watch(&mut ann, &[clara, boris, clara + 1_000]).await;
    sees(&mut ann, boris, "offline").await;
    ann.hears_nothing().await;
    let mut root = Listener::of(&room.root).await;
    watch(&mut root, &[boris, clara]).await;
    root.hears_nothing().await;
    // Coming and going says as little as being asked for.
    let boris_here = Listener::of(&room.boris).await;
    sees(&mut ann, boris, "online").await;
    root.hears_nothing().await;
    room.invite("clara", json!({})).await.expect(201);
    watch(&mut ann, &[clara]).await;
    sees(&mut ann, clara, "online").await;
    // Only those who were named last are watched.
    drop(boris_here);
    let mut dora = Listener::of(&room.clara).await;
    watch(&mut dora, &[boris]).await;
    assert_eq!(dora.frame().await["user_id"], boris);
    ann.hears_nothing().await;
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_shares_no_chat_any_more_is_not_told() {
    let room = arrange().await;
    room.invite("clara", json!({})).await.expect(201);
    let (boris, clara) = (room.user("boris").await, room.user("clara").await);
    let mut ann = Listener::of(&room.ann).await;
    let mut of_boris = Listener::of(&room.boris).await;
    for watcher in [&mut ann, &mut of_boris] {
        watch(watcher, &[clara]).await;
        sees(watcher, clara, "offline").await;
    }
    room.ann.delete(&room.path(&format!("/members/{boris}"))).await.expect(204);
    let here = Listener::of(&room.clara).await;
    sees(&mut ann, clara, "online").await;
    drop(here);
    sees(&mut ann, clara, "offline").await;
    of_boris.hears_nothing().await;
    // A chat that is left is not the only one, perhaps.
    room.boris.post(&format!("{CHATS}/direct"), json!({ "user_id": clara })).await.expect(201);
    assert_eq!(of_boris.frame().await["kind"], "member.joined");
    let _here = Listener::of(&room.clara).await;
    sees(&mut of_boris, clara, "online").await;
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_does_nothing_for_long_is_away_until_they_do_something() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().setting("ARTEL_SOCKET__PING_MS", PING).clock(clock.clock());
    let room = Room::of(app.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    let boris = room.user("boris").await;
    let mut of_boris = Listener::of(&room.boris).await;
    clock.move_by(TimeDelta::minutes(4));
    let mut ann = Listener::of(&room.ann).await;
    watch(&mut ann, &[boris]).await;
    sees(&mut ann, boris, "online").await;
    // What a client sends by itself, as long as it runs, says nothing.
    of_boris.hears_nothing().await;
    clock.move_by(TimeDelta::minutes(2));
    sees(&mut ann, boris, "away").await;
    of_boris.say(json!({ "type": "typing", "chat_id": room.group })).await;
    sees(&mut ann, boris, "online").await;
    room.app.stop().await;
}

#[tokio::test]
async fn a_process_that_is_heard_of_no_more_takes_its_users_with_it() {
    let room = arrange().await;
    let proxy = Proxy::to(room.app.database().upstream()).await;
    let url = room.app.database().url_through(&proxy);
    let builder = TestApp::builder().setting("ARTEL_SOCKET__PING_MS", PING);
    let beside = builder.start_on(url, &[auth_token::MODULE, chat::MODULE]).await;
    let boris = room.user("boris").await;
    let there: Client = beside.user("boris").await;
    let mut ann = Listener::of(&room.ann).await;
    let _boris = Listener::of(&there).await;
    watch(&mut ann, &[boris]).await;
    let first = ann.frame().await;
    if first == presence(boris, "offline") {
        sees(&mut ann, boris, "online").await;
    }
    proxy.swallow();
    sees(&mut ann, boris, "offline").await;
    proxy.restore();
    sees(&mut ann, boris, "online").await;
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn nobody_watches_more_than_five_hundred() {
    let room = arrange().await;
    let boris = room.user("boris").await;
    let mut ann = Listener::of(&room.ann).await;
    let many: Vec<i64> = (0..501).map(|it| boris + it).collect();
    watch(&mut ann, &many).await;
    let refused = ann.frame().await;
    assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("validation")));
    watch(&mut ann, &many[..500]).await;
    sees(&mut ann, boris, "offline").await;
    ann.hears_nothing().await;
    room.app.stop().await;
}
