//! The protocol, as any server of it has to speak it: nothing here but HTTP and the socket.
//!
//! Without settings it holds our own server to it. Another one is held to it by
//! `CHAT_CONFORMANCE_ADDRESS` (`127.0.0.1:8000`), and by `CHAT_CONFORMANCE_USERS`: logins and passwords
//! of two users, `ann:secret boris:secret`. It makes chats of its own, so that it can be run again.

use std::env;

use artel_testing::{Client, TestApp};
use serde_json::{Value, json};

use crate::listener::{Listener, WS};

/// Two who talk, wherever they do.
struct Talk {
    ann: Client,
    boris: Client,
    /// A group of Ann's, with Boris.
    group: i64,
    /// Ours, where it is.
    app: Option<TestApp>,
}

impl Talk {
    #[expect(clippy::disallowed_methods, reason = "it is for whoever runs the tests to say")]
    async fn begin() -> Self {
        let (ann, boris, app) = match env::var("CHAT_CONFORMANCE_ADDRESS") {
            Ok(address) => {
                let guest = Client::guest(address.parse().expect("an address with a port"));
                let users = env::var("CHAT_CONFORMANCE_USERS").expect("CHAT_CONFORMANCE_USERS");
                let mut users = users.split_whitespace();
                let ann = sign_in(&guest, users.next()).await;
                (ann, sign_in(&guest, users.next()).await, None)
            }
            Err(_) => {
                let app = TestApp::start(&[auth_token::MODULE, chat::MODULE]).await;
                (app.user("ann").await, app.user("boris").await, Some(app))
            }
        };
        let member = Listener::of(&boris).await.ready["user_id"].clone();
        let body = json!({ "kind": "group", "name": "Conformance", "member_ids": [member] });
        let group = ann.post("/api/v1/chats", body).await.expect(201).id();
        Self { ann, boris, group, app }
    }

    fn send(&self, client_msg_id: &str, body: &str) -> Value {
        json!({
            "type": "send", "id": "m", "chat_id": self.group, "client_msg_id": client_msg_id,
            "body": body,
        })
    }

    async fn end(self) {
        if let Some(app) = self.app {
            app.stop().await;
        }
    }
}

async fn sign_in(guest: &Client, user: Option<&str>) -> Client {
    let user = user.expect("CHAT_CONFORMANCE_USERS names two users");
    let (login, password) = user.split_once(':').expect("login:password");
    let body = json!({ "login": login, "password": password });
    let token = guest.post("/api/v1/auth/sign_in", body).await.expect(200).at("access_token");
    guest.with_token(token.as_str().expect("a token is a text"))
}

/// Names of messages, good once in a chat.
const FIRST: &str = "0190a5b2-0000-7000-8000-000000000001";
const SECOND: &str = "0190a5b2-0000-7000-8000-000000000002";

#[tokio::test]
async fn hello_comes_first_and_ready_behind_who_it_is() {
    let talk = Talk::begin().await;
    let mut socket = talk.boris.socket(WS).protocols("artel.v1").open().await;
    assert_eq!(socket.protocol.as_deref(), Some("artel.v1"));
    let hello = socket.frame().await;
    assert_eq!((&hello["type"], &hello["protocol"]), (&json!("hello"), &json!("artel.v1")));
    assert!(hello["heartbeat_s"].as_u64().is_some_and(|it| it > 0), "{hello}");
    assert!(hello["limits"]["frame_bytes"].as_u64().is_some_and(|it| it >= 65_536), "{hello}");
    socket.say(json!({ "type": "auth", "token": talk.boris.token() })).await;
    let ready = socket.frame().await;
    assert_eq!(ready["type"], "ready");
    let chats = ready["chats"].as_array().unwrap();
    let group = chats.iter().find(|it| it["chat_id"] == talk.group).expect("the group is there");
    for name in ["last_seq", "read_seq", "unread", "epoch"] {
        assert!(group[name].is_u64(), "{name} of {group}");
    }
    // A ticket stands for the first frame, once.
    let ticket = talk.boris.post("/api/v1/auth/ws_ticket", json!({})).await.expect(200);
    let path = format!("{WS}?ticket={}", ticket.at("ticket").as_str().unwrap());
    let mut with_ticket = talk.boris.socket(&path).open().await;
    assert_eq!(with_ticket.frame().await["type"], "hello");
    assert_eq!(with_ticket.frame().await["type"], "ready");
    assert_eq!(talk.boris.socket(&path).open().await.end().await, 4401);
    talk.end().await;
}

#[tokio::test]
async fn what_was_missed_comes_in_its_order_before_subscribed_and_then_what_is_said() {
    let talk = Talk::begin().await;
    let mut ann = Listener::to(&talk.ann, talk.group).await;
    ann.say(talk.send(FIRST, "one")).await;
    let seq = acknowledged(&mut ann).await["seq"].as_i64().unwrap();
    let mut boris = Listener::of(&talk.boris).await;
    let epoch = boris.ready["chats"].as_array().unwrap().iter();
    let epoch = epoch.clone().find(|it| it["chat_id"] == talk.group).unwrap()["epoch"].clone();
    boris.subscribe(talk.group, json!({ "seq": 0, "epoch": epoch })).await;
    for expected in 1..=seq {
        let event = boris.frame().await;
        assert_eq!((&event["type"], &event["seq"]), (&json!("event"), &json!(expected)));
    }
    let subscribed = boris.frame().await;
    assert_eq!((&subscribed["type"], &subscribed["id"]), (&json!("subscribed"), &json!("s")));
    let place = json!({ "as_of_seq": seq, "epoch": epoch });
    assert_eq!(subscribed["chats"][talk.group.to_string()], place);
    ann.say(talk.send(SECOND, "two")).await;
    assert_eq!(boris.event().await, format!("{} message.created two", seq + 1));
    // Whoever unsubscribes hears no more.
    boris.say(json!({ "type": "unsubscribe", "chats": [talk.group] })).await;
    boris.hears_nothing().await;
    acknowledged(&mut ann).await;
    ann.say(talk.send("0190a5b2-0000-7000-8000-000000000003", "three")).await;
    acknowledged(&mut ann).await;
    boris.hears_nothing().await;
    talk.end().await;
}

#[tokio::test]
async fn what_is_acknowledged_stands_and_the_same_again_is_the_same() {
    let talk = Talk::begin().await;
    let mut boris = Listener::of(&talk.boris).await;
    boris.say(talk.send(FIRST, "hello")).await;
    let ack = boris.frame().await;
    let messages = format!("/api/v1/chats/{}/messages", talk.group);
    let found = talk.ann.get(&messages).await.expect(200).at("data");
    let last = found.as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["id"], &last["body"]), (&ack["message_id"], &json!("hello")));
    boris.say(talk.send(FIRST, "hello")).await;
    assert_eq!(boris.frame().await, ack);
    assert_eq!(talk.ann.get(&messages).await.expect(200).at("data"), found);
    talk.end().await;
}

#[tokio::test]
async fn whoever_knows_more_than_there_is_or_another_epoch_begins_anew() {
    let talk = Talk::begin().await;
    let mut boris = Listener::of(&talk.boris).await;
    boris.subscribe(talk.group, Value::Null).await;
    let place = boris.frame().await["chats"][talk.group.to_string()].clone();
    let (seq, epoch) = (place["as_of_seq"].as_i64().unwrap(), place["epoch"].as_i64().unwrap());
    for seen in [json!(seq + 1), json!({ "seq": seq, "epoch": epoch + 1 })] {
        boris.subscribe(talk.group, seen).await;
        let reset =
            json!({ "type": "reset", "chat_id": talk.group, "as_of_seq": seq, "epoch": epoch });
        assert_eq!(boris.frame().await, reset);
        assert_eq!(boris.frame().await["chats"][talk.group.to_string()], place);
    }
    // And whoever knows what there is does not.
    boris.subscribe(talk.group, json!({ "seq": seq, "epoch": epoch })).await;
    assert_eq!(boris.frame().await["type"], "subscribed");
    talk.end().await;
}

#[tokio::test]
async fn a_hidden_chat_is_as_one_that_is_not_there() {
    let talk = Talk::begin().await;
    let body = json!({ "kind": "group", "name": "Hidden", "member_ids": [] });
    let hidden = talk.ann.post("/api/v1/chats", body).await.expect(201).id();
    let mut boris = Listener::of(&talk.boris).await;
    let mut said = Vec::new();
    for chat in [hidden, i64::MAX] {
        let chats = json!({ chat.to_string(): 0, talk.group.to_string(): null });
        boris.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await;
        let mut refusal = boris.frame().await;
        assert_eq!((&refusal["chat_id"], &refusal["code"]), (&json!(chat), &json!("not_found")));
        refusal["chat_id"] = Value::Null;
        said.push(refusal);
        let listed = boris.frame().await["chats"].clone();
        assert_eq!(
            listed.as_object().unwrap().keys().collect::<Vec<_>>(),
            [&talk.group.to_string()]
        );
        boris.say(json!({ "type": "read", "chat_id": chat, "seq": 1 })).await;
        let refusal = boris.frame().await;
        assert_eq!((&refusal["type"], &refusal["code"]), (&json!("error"), &json!("not_found")));
    }
    assert_eq!(said[0], said[1]);
    let mut ann = Listener::of(&talk.ann).await;
    ann.subscribe(hidden, Value::Null).await;
    assert_eq!(ann.frame().await["type"], "subscribed");
    talk.end().await;
}

#[tokio::test]
async fn whoever_is_watched_is_told_of_at_once_and_when_they_come() {
    let talk = Talk::begin().await;
    let mut ann = Listener::of(&talk.ann).await;
    let me = ann.ready["user_id"].as_i64().unwrap();
    let boris = Listener::of(&talk.boris).await.ready["user_id"].as_i64().unwrap();
    // Of users with whom one shares no chat nothing is said, and of strangers nobody can tell.
    ann.say(json!({ "type": "watch", "users": [i64::MAX, me] })).await;
    let state = |user: i64, state| json!({ "type": "presence", "user_id": user, "state": state });
    assert_eq!(ann.frame().await, state(me, "online"));
    ann.say(json!({ "type": "watch", "users": [boris] })).await;
    let first = ann.frame().await;
    assert_eq!((&first["type"], &first["user_id"]), (&json!("presence"), &json!(boris)));
    let _boris = Listener::of(&talk.boris).await;
    // He was there a moment ago, and so he may count as there still.
    if first["state"] != "online" {
        assert_eq!(ann.frame().await, state(boris, "online"));
    }
    ann.say(json!({ "type": "watch", "users": [boris] })).await;
    assert_eq!(ann.frame().await, state(boris, "online"));
    talk.end().await;
}

#[tokio::test]
async fn what_is_refused_is_said_and_what_is_no_frame_ends_the_socket() {
    let talk = Talk::begin().await;
    let mut boris = Listener::of(&talk.boris).await;
    boris.say(talk.send(FIRST, "  ")).await;
    let refusal = boris.frame().await;
    let named = [&refusal["type"], &refusal["id"], &refusal["code"]];
    assert_eq!(named, [&json!("error"), &json!("m"), &json!("validation")]);
    boris.hears_nothing().await;
    let bad = [
        r#"{"type":"fly"}"#,
        r#"{"type":"ping","id":"1"}"#,
        r#"{"type":"typing","chat_id":1,"x":1}"#,
        "{",
        "[]",
        "null",
    ];
    for frame in bad.map(str::to_owned).into_iter().chain(["x".repeat(70_000)]) {
        let mut boris = Listener::of(&talk.boris).await;
        boris.socket.say_text(frame.clone()).await;
        let start: String = frame.chars().take(30).collect();
        assert_eq!(boris.socket.end().await, 4400, "{start}");
    }
    talk.end().await;
}

#[tokio::test]
async fn whoever_is_nobody_is_told_so() {
    let talk = Talk::begin().await;
    for first in [json!({ "type": "ping" }), json!({ "type": "auth", "token": "x.y.z" })] {
        let mut nobody = talk.boris.socket(WS).open().await;
        nobody.say(first.clone()).await;
        assert_eq!(nobody.end().await, 4401, "{first}");
    }
    assert_eq!(talk.boris.socket(format!("{WS}?ticket=x")).open().await.end().await, 4401);
    talk.boris.socket(format!("{WS}?token=x")).refusal().await.expect(400);
    talk.end().await;
}

#[tokio::test]
async fn whoever_is_too_fast_is_told_when_to_come_again() {
    let talk = Talk::begin().await;
    let mut boris = Listener::of(&talk.boris).await;
    let ping = json!({ "type": "ping" });
    let mut refused = Vec::new();
    // As many as it takes: how fast they go out is not ours to say.
    for _ in 0..20 {
        for _ in 0..60 {
            boris.say(ping.clone()).await;
        }
        for _ in 0..60 {
            let frame = boris.frame().await;
            match frame["type"].as_str() {
                Some("pong") => {}
                _ => refused.push(frame),
            }
        }
        if !refused.is_empty() {
            break;
        }
    }
    assert!(!refused.is_empty(), "nothing was refused");
    for frame in refused {
        assert_eq!(frame["code"], "rate_limited", "{frame}");
        assert!(frame["retry_after_ms"].as_u64().is_some_and(|it| it > 0), "{frame}");
    }
    talk.end().await;
}

/// The acknowledgement among the next two frames: the event comes before it or behind it.
async fn acknowledged(listener: &mut Listener) -> Value {
    let frames = [listener.frame().await, listener.frame().await];
    let ack = frames.iter().find(|it| it["type"] == "ack");
    ack.unwrap_or_else(|| panic!("no acknowledgement: {frames:?}")).clone()
}
