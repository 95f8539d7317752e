//! What is said is heard, in its order, by those who may, on whatever process they are.

use serde_json::json;

use crate::{
    listener::{Listener, WS},
    room::Room,
};

const CLIENT_MSG: &str = "7d444840-9dc0-11d1-b245-5ffdce74fad2";

#[tokio::test]
async fn a_message_is_heard_on_both_processes_and_acknowledged_once() {
    let room = Room::arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let boris_there = beside.user("boris").await;
    let mut here = Listener::to(&room.ann, room.group).await;
    let mut there = Listener::to(&boris_there, room.group).await;
    let send = json!({
        "type": "send", "id": "1", "chat_id": room.group, "client_msg_id": CLIENT_MSG,
        "body": "Привет",
    });
    there.say(send.clone()).await;
    let mut frames = [there.frame().await, there.frame().await];
    frames.sort_by_key(|it| it["type"].as_str().unwrap().to_owned());
    let [ack, event] = frames;
    assert_eq!((&ack["type"], &ack["id"], &ack["seq"]), (&json!("ack"), &json!("1"), &json!(3)));
    assert_eq!(event["data"]["message"]["id"], ack["message_id"]);
    assert_eq!(here.event().await, "3 message.created Привет");
    // The same message again is the same message, and no event.
    there.say(send).await;
    assert_eq!(there.frame().await, ack);
    here.hears_nothing().await;
    room.say(&room.ann, "by a request").await;
    assert_eq!(there.event().await, "4 message.created by a request");
    assert_eq!(here.event().await, "4 message.created by a request");
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_was_away_is_told_what_they_missed_and_then_what_comes() {
    let room = Room::arrange().await;
    for text in ["one", "two", "three"] {
        room.say(&room.ann, text).await;
    }
    let mut boris = Listener::of(&room.boris).await;
    let chat = &boris.ready["chats"][0];
    assert_eq!((&chat["last_seq"], &chat["unread"]), (&json!(5), &json!(3)));
    boris.subscribe(room.group, json!({ "seq": 3, "epoch": 1 })).await;
    assert_eq!(boris.event().await, "4 message.created two");
    assert_eq!(boris.event().await, "5 message.created three");
    let subscribed = boris.frame().await;
    assert_eq!(subscribed["chats"][room.group.to_string()], json!({ "as_of_seq": 5, "epoch": 1 }));
    room.say(&room.ann, "four").await;
    assert_eq!(boris.event().await, "6 message.created four");
    // A number alone will do; one that lies ahead, or of another epoch, is worth nothing.
    for seen in [json!(99), json!({ "seq": 3, "epoch": 2 })] {
        boris.subscribe(room.group, seen).await;
        let reset = json!({ "type": "reset", "chat_id": room.group, "as_of_seq": 6, "epoch": 1 });
        assert_eq!(boris.frame().await, reset);
        assert_eq!(boris.frame().await["type"], "subscribed");
    }
    boris.subscribe(room.group, json!(5)).await;
    assert_eq!(boris.event().await, "6 message.created four");
    assert_eq!(boris.frame().await["type"], "subscribed");
    room.app.stop().await;
}

#[tokio::test]
async fn a_chat_out_of_sight_is_as_one_that_is_not_there() {
    let room = Room::arrange().await;
    let missing = room.group + 1_000;
    for client in [&room.clara, &room.root] {
        let mut outside = Listener::of(client).await;
        assert_eq!(outside.ready["chats"], json!([]));
        for chat in [room.group, missing] {
            outside.subscribe(chat, json!(0)).await;
            let refused = outside.frame().await;
            let named = [&refused["type"], &refused["id"], &refused["chat_id"], &refused["code"]];
            assert_eq!(named, [&json!("error"), &json!("s"), &json!(chat), &json!("not_found")]);
            assert_eq!(outside.frame().await["chats"], json!({}));
        }
        room.say(&room.ann, "secret").await;
        outside.hears_nothing().await;
    }
    let mut boris = Listener::of(&room.boris).await;
    boris.subscribe(room.group, json!(2)).await;
    assert_eq!(boris.event().await, "3 message.created secret");
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_is_removed_hears_so_as_the_last_thing_on_every_process() {
    let room = Room::arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let mut here = Listener::to(&room.boris, room.group).await;
    let mut there = Listener::to(&beside.user("boris").await, room.group).await;
    let mut ann = Listener::to(&room.ann, room.group).await;
    let out = room.path(&format!("/members/{}", room.user("boris").await));
    room.ann.delete(&out).await.expect(204);
    room.say(&room.ann, "at last").await;
    for boris in [&mut here, &mut there] {
        assert_eq!(boris.event().await, "3 member.left");
        let last = boris.frame().await;
        assert_eq!(
            (&last["code"], &last["chat_id"]),
            (&json!("access_denied"), &json!(room.group))
        );
    }
    assert_eq!(ann.event().await, "3 member.left");
    assert_eq!(ann.event().await, "4 message.created at last");
    here.hears_nothing().await;
    there.hears_nothing().await;
    // Who comes back is told on all sockets, listening or not, and sees what was said.
    room.invite("boris", json!({})).await.expect(201);
    assert_eq!(here.event().await, "5 member.joined");
    // Nobody listens there.
    assert_eq!(there.event().await, "5 member.joined");
    here.subscribe(room.group, json!(3)).await;
    assert_eq!(here.event().await, "4 message.created at last");
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn devices_hear_how_far_was_read_and_others_that_somebody_writes() {
    let room = Room::arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let mut phone = Listener::to(&room.boris, room.group).await;
    let mut desk = Listener::to(&beside.user("boris").await, room.group).await;
    let mut ann = Listener::to(&room.ann, room.group).await;
    room.say(&room.ann, "one").await;
    for listener in [&mut phone, &mut desk, &mut ann] {
        assert_eq!(listener.event().await, "3 message.created one");
    }
    phone.say(json!({ "type": "read", "chat_id": room.group, "seq": 3 })).await;
    let read = json!({ "type": "read", "chat_id": room.group, "read_seq": 3, "unread": 0 });
    assert_eq!(desk.frame().await, read);
    assert_eq!(phone.frame().await, read);
    ann.hears_nothing().await;
    desk.say(json!({ "type": "typing", "chat_id": room.group })).await;
    let boris = room.user("boris").await;
    let typing = json!({ "type": "typing", "chat_id": room.group, "user_id": boris });
    assert_eq!(ann.frame().await, typing);
    phone.hears_nothing().await;
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_and_the_socket_goes_on() {
    let room = Room::arrange().await;
    let mut boris = Listener::to(&room.boris, room.group).await;
    let mut clara = Listener::of(&room.clara).await;
    let send = |body: &str| {
        let id = uuid_of(body);
        json!({
            "type": "send", "id": "1", "chat_id": room.group, "client_msg_id": id, "body": body,
        })
    };
    boris.say(send("  ")).await;
    let refused = boris.frame().await;
    assert_eq!((&refused["id"], &refused["code"]), (&json!("1"), &json!("validation")));
    clara.say(send("hello")).await;
    assert_eq!(clara.frame().await["code"], "not_found");
    boris.say(send("hello")).await;
    let said = [boris.frame().await, boris.frame().await];
    assert!(said.iter().any(|it| it["type"] == "ack"), "{said:?}");
    assert_eq!(room.log(&room.ann, 2).await, ["3 message.created"]);
    room.app.stop().await;
}

#[tokio::test]
async fn bad_frames_and_those_who_say_nothing_of_themselves_are_closed() {
    let room = Room::arrange().await;
    for frame in ["{", "[]", r#"{"type":"fly"}"#, r#"{"type":"read","chat_id":"x"}"#] {
        let mut boris = Listener::of(&room.boris).await;
        boris.socket.say_text(frame).await;
        assert_eq!(boris.socket.end().await, 4400, "{frame}");
    }
    let mut nobody = room.boris.socket(WS).open().await;
    nobody.say(json!({ "type": "ping" })).await;
    assert_eq!(nobody.end().await, 4401);
    let mut stranger = room.boris.socket(WS).open().await;
    stranger.say(json!({ "type": "auth", "token": "x.y.z" })).await;
    assert_eq!(stranger.end().await, 4401);
    room.app.stop().await;
}

#[tokio::test]
async fn signing_out_ends_the_socket_and_leaves_those_of_others() {
    let room = Room::arrange().await;
    let beside = room.app.beside(&[auth_token::MODULE, chat::MODULE]).await;
    let boris_there = beside.guest().with_token(room.boris.token().unwrap());
    let mut here = Listener::to(&room.boris, room.group).await;
    let mut there = Listener::to(&boris_there, room.group).await;
    let mut ann = Listener::to(&room.ann, room.group).await;
    room.boris.post("/api/v1/auth/sign_out", json!({})).await.expect(204);
    assert_eq!(here.socket.end().await, 4401);
    assert_eq!(there.socket.end().await, 4401);
    ann.hears_nothing().await;
    beside.stop().await;
    room.app.stop().await;
}

#[tokio::test]
async fn a_flood_is_refused_and_then_closed() {
    let room = Room::arrange().await;
    let mut boris = Listener::of(&room.boris).await;
    for _ in 0..45 {
        boris.say(json!({ "type": "ping" })).await;
    }
    let mut refused = 0;
    for _ in 0..45 {
        let frame = boris.frame().await;
        refused += usize::from(frame["code"] == "rate_limited" && frame["retry_after_ms"].is_u64());
    }
    assert!((1..=5).contains(&refused), "{refused} refused");
    for _ in 0..150 {
        boris.say(json!({ "type": "ping" })).await;
    }
    assert_eq!(boris.socket.end().await, 4429);
    room.app.stop().await;
}

#[tokio::test]
async fn a_user_has_only_so_many_sockets() {
    let app = artel_testing::TestApp::builder().setting("ARTEL_CHAT__SOCKETS_PER_USER", 2);
    let room = Room::of(app.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    let mut first = Listener::of(&room.boris).await;
    let second = Listener::of(&room.boris).await;
    let open = async || {
        let mut third = room.boris.socket(WS).open().await;
        third.frame().await;
        third.say(json!({ "type": "auth", "token": room.boris.token() })).await;
        third
    };
    assert_eq!(open().await.end().await, 4429);
    first.hears_nothing().await;
    Listener::of(&room.ann).await;
    // One that goes makes room.
    second.socket.close(1000).await;
    first.hears_nothing().await;
    let mut third = open().await;
    assert_eq!(third.frame().await["type"], "ready");
    room.app.stop().await;
}

/// A name for a message, made of its text.
fn uuid_of(text: &str) -> String {
    format!("00000000-0000-4000-8000-{:012x}", text.len())
}
