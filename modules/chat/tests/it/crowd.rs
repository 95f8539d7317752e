//! Many begin to listen while much is said; one listens too slowly; one may not any more.

use std::time::Duration;

use artel_testing::{Heard, TestApp, in_time};
use chat::ChatMember;
use futures_util::future::join_all;
use orm::Model;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    listener::{Listener, WS},
    room::Room,
};

/// As long as a message may be, and so many of these that neither what waits for a socket nor what the
/// system keeps for it has room for them: 7 MB.
const LONG: usize = 16_000;
const TOO_MANY: usize = 220;
/// So soon a socket is closed whose user may read chats no longer.
const CLOSED_IN: Duration = Duration::from_secs(2);
/// Seconds of a token that runs out while a test waits for it, and so soon after that its socket is
/// closed.
const TOKEN_S: u64 = 3;
const CLOSED_AFTER: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn whoever_begins_to_listen_while_others_are_told_misses_nothing() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "And another thing").await;
    let message = room.path(&format!("/messages/{said}"));
    // Nobody may say so much at once; of changes there may be as many as there are.
    let talking = async {
        for count in 0.. {
            room.ann.patch(&message, json!({ "body": count.to_string() })).await.expect(200);
        }
    };
    // Each begins anew as soon as it has heard something new; the others listen meanwhile.
    let listening = join_all((0..8).map(|_| async {
        let mut boris = Listener::of(&room.boris).await;
        let mut seq = 0;
        for _ in 0..15 {
            boris.say(json!({ "type": "unsubscribe", "chats": [room.group] })).await;
            boris.subscribe(room.group, json!(seq)).await;
            seq = hear(&mut boris, seq, |frame| frame["type"] == "subscribed").await;
            let first = seq + 1;
            seq = hear(&mut boris, seq, |frame| frame["seq"] == first).await;
        }
    }));
    tokio::select! {
        () = talking => {}
        _ = listening => {}
    }
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_was_sent_away_and_let_in_again_meanwhile_hears_both_and_goes_on() {
    let room = Room::arrange().await;
    let out = room.path(&format!("/members/{}", room.user("boris").await));
    room.ann.delete(&out).await.expect(204);
    room.say(&room.ann, "Without him").await;
    room.invite("boris", json!({})).await.expect(201);
    let mut boris = Listener::of(&room.boris).await;
    boris.subscribe(room.group, json!(2)).await;
    assert_eq!(boris.event().await, "3 member.left");
    assert_eq!(boris.event().await, "4 message.created Without him");
    assert_eq!(boris.event().await, "5 member.joined");
    let subscribed = boris.frame().await;
    assert_eq!(subscribed["chats"][room.group.to_string()]["as_of_seq"], 5);
    room.say(&room.ann, "With him").await;
    assert_eq!(boris.event().await, "6 message.created With him");
    room.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_sent_away_and_let_in_again_at_once_is_told_both() {
    let room = Room::arrange().await;
    let mut boris = Listener::to(&room.boris, room.group).await;
    let member = room.member("boris").await["id"].as_i64().unwrap();
    let mut seq = 2;
    for _ in 0..30 {
        let session = room.app.session();
        let both = session.transaction(async |tx| {
            for active in [false, true] {
                ChatMember::update(tx, member, [ChatMember::ACTIVE.set(active)]).await?;
            }
            Ok::<_, orm::Error>(())
        });
        both.await.unwrap();
        assert_eq!(boris.event().await, format!("{} member.left", seq + 1));
        assert_eq!(boris.frame().await["code"], "access_denied");
        assert_eq!(boris.event().await, format!("{} member.joined", seq + 2));
        boris.subscribe(room.group, json!(seq + 1)).await;
        assert_eq!(boris.event().await, format!("{} member.joined", seq + 2));
        assert_eq!(boris.frame().await["type"], "subscribed");
        seq += 2;
    }
    room.app.stop().await;
}

/// T38.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_too_slowly_is_told_so_loses_nothing_and_is_in_nobodys_way() {
    // However long it does not read: it is for what waits that it is closed.
    let app = TestApp::builder().setting("ARTEL_SOCKET__SEND_MS", 600_000);
    let room = Room::of(app.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    let slow = room.boris.socket(WS).protocols("artel.v1").receiving(4_096);
    let mut slow = Listener::over(slow.open().await, &room.boris).await;
    slow.subscribe(room.group, json!(2)).await;
    assert_eq!(slow.frame().await["type"], "subscribed");
    let mut quick = Listener::to(&room.boris, room.group).await;
    let text = "я".repeat(LONG);
    let mut said = 2;
    for _ in 0..TOO_MANY {
        room.say(&room.ann, &text).await;
        said += 1;
        // Whoever takes what comes is told it meanwhile.
        assert_eq!(quick.frame().await["seq"], said);
    }
    let mut seq = 2;
    let code = loop {
        match slow.socket.heard().await {
            Heard::Frame(event) => seq = next(&event, seq),
            Heard::Ping => {}
            Heard::Closed(code) => break code,
        }
    };
    assert_eq!(code, 4408);
    assert!(seq < said, "it has not been told everything");
    let mut again = Listener::of(&room.boris).await;
    again.subscribe(room.group, json!(seq)).await;
    seq = hear(&mut again, seq, |frame| frame["type"] == "subscribed").await;
    assert_eq!(seq, said, "what it was not told is told now");
    quick.hears_nothing().await;
    room.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn open_sockets_end_when_the_right_to_read_chats_is_taken_away() {
    let room = Room::arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let there = beside.guest().with_token(room.boris.token().unwrap());
    // One that listens, one that does not, and one on another process.
    let mut sockets = [
        Listener::to(&room.boris, room.group).await,
        Listener::of(&room.boris).await,
        Listener::to(&there, room.group).await,
    ];
    let mut root = Listener::of(&room.root).await;
    let grants = room.root.get("/api/v1/grants?model=chats&fields=id").await.expect(200).at("data");
    assert_eq!(grants.as_array().unwrap().len(), 1, "everyone has it");
    let grant = format!("/api/v1/grants/{}", grants[0]["id"]);
    room.root.patch(&grant, json!({ "can_read": false })).await.expect(200);
    let began = Instant::now();
    for socket in &mut sockets {
        assert_eq!(socket.socket.end().await, 4403);
    }
    assert!(began.elapsed() < CLOSED_IN, "{:?}", began.elapsed());
    // An administrator needs no grant; who has none does not come back.
    root.hears_nothing().await;
    let mut again = room.boris.socket(WS).open().await;
    again.say(json!({ "type": "auth", "token": room.boris.token() })).await;
    assert_eq!(again.end().await, 4403);
    room.root.patch(&grant, json!({ "can_read": true })).await.expect(200);
    Listener::to(&room.boris, room.group).await.hears_nothing().await;
    beside.stop().await;
    room.app.stop().await;
}

/// T36.
#[tokio::test(flavor = "multi_thread")]
async fn a_socket_is_warned_and_ends_with_its_token() {
    let modules = [auth_token::MODULE, chat::MODULE];
    let app = TestApp::builder().setting("ARTEL_AUTH__ACCESS_TTL_S", TOKEN_S);
    let app = app.start(&modules).await;
    // Its tokens are good for longer.
    let beside = TestApp::builder().start_beside(&app, &modules).await;
    let fresh = beside.user("boris").await;
    let began = Instant::now();
    let boris = app.user("boris").await;
    let (mut left, mut renewed) = (Listener::of(&boris).await, Listener::of(&boris).await);
    for listener in [&mut left, &mut renewed] {
        let warning = listener.frame().await;
        assert_eq!(warning["type"], "auth_expiring");
        assert!(warning["in_s"].as_u64().is_some_and(|it| it <= TOKEN_S), "{warning}");
    }
    renewed.say(json!({ "type": "auth", "token": fresh.token() })).await;
    assert_eq!(left.socket.closed().await, 4401);
    let (elapsed, expires) = (began.elapsed(), Duration::from_secs(TOKEN_S));
    assert!((expires / 2..expires + CLOSED_AFTER).contains(&elapsed), "{elapsed:?}");
    renewed.hears_nothing().await;
    beside.stop().await;
    app.stop().await;
}

/// Listens from an event on until a frame is the wanted one; the last event by then. Each event is
/// the next one, or one that was heard before.
async fn hear(listener: &mut Listener, mut seq: i64, is_wanted: impl Fn(&Value) -> bool) -> i64 {
    loop {
        let frame = in_time(listener.frame()).await;
        if frame["type"] == "event" {
            seq = next(&frame, seq);
        }
        if is_wanted(&frame) {
            return seq;
        }
    }
}

#[track_caller]
fn next(event: &Value, seq: i64) -> i64 {
    let heard = event["seq"].as_i64().unwrap_or_else(|| panic!("{event} is no event"));
    assert!(heard <= seq + 1, "{heard} came behind {seq}");
    seq.max(heard)
}
