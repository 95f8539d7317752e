//! Changing a chat and its members by the generated routes: for those who run it, and in the log.

use http::Method;
use serde_json::json;

use crate::room::{CHATS, Room};

#[tokio::test]
async fn whoever_runs_a_chat_names_and_archives_it() {
    let room = Room::arrange().await;
    let path = room.path("");
    let named = room.ann.patch(&path, json!({ "name": "Kitchen" })).await.expect(200).json();
    assert_eq!((&named["name"], &named["last_seq"]), (&json!("Kitchen"), &json!(3)));
    room.ann.patch(&path, json!({ "active": false })).await.expect(200);
    assert_eq!(room.log(&room.boris, 2).await, ["3 chat.changed", "4 chat.changed"]);
    let events = room.boris.get(&room.path("/events?after=3")).await.expect(200).json();
    let said = json!({ "chat": {
        "id": room.group, "name": "Kitchen", "kind": "group", "active": false,
        "record_model": null, "record_id": null,
    } });
    assert_eq!(events["data"][0]["data"], said);

    for (client, status) in [(&room.boris, 403), (&room.clara, 404), (&room.root, 404)] {
        client.patch(&path, json!({ "name": "Mine" })).await.expect(status);
    }
    room.app.guest().patch(&path, json!({ "name": "Mine" })).await.expect(401);
    assert_eq!(room.ann.get(&path).await.expect(200).at("name"), "Kitchen");
    assert_eq!(room.log(&room.ann, 4).await, [""; 0]);
    room.app.stop().await;
}

#[tokio::test]
async fn a_change_of_nothing_is_no_event() {
    let room = Room::arrange().await;
    let before = room.ann.get(&room.path("")).await.expect(200);
    let same = room.ann.patch(&room.path(""), json!({ "name": "Hall", "active": true })).await;
    assert_eq!(same.expect(200).json(), before.json());
    assert_eq!(room.log(&room.ann, 2).await, [""; 0]);
    room.app.stop().await;
}

#[tokio::test]
async fn what_the_log_counts_is_set_by_nobody() {
    let room = Room::arrange().await;
    let fault = async |key: &str| room.ann.patch(&room.path(""), json!({ key: 7 })).await.fault();
    for key in ["kind", "last_seq", "epoch", "record_model", "record_id"] {
        assert_eq!(fault(key).await, format!("422 validation: /{key} read_only"));
    }
    assert_eq!(fault("members").await, "422 validation: /members read_only");
    let schema = room.ann.get(&format!("{CHATS}/schema")).await.expect(200).json();
    let fields = schema["fields"].as_array().unwrap();
    let writable = fields.iter().filter(|it| it["can"]["write"] == true);
    let writable: Vec<_> = writable.map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(writable, ["name", "active"]);
    room.app.stop().await;
}

#[tokio::test]
async fn a_kept_answer_is_stale_when_the_log_has_grown() {
    let room = Room::arrange().await;
    let known = room.ann.get(&room.path("")).await.expect(200);
    let again = async || {
        let headers = [("if-none-match", known.header("etag"))];
        room.ann.send(Method::GET, &room.path(""), &headers, "").await
    };
    again().await.expect(304);
    room.say(&room.boris, "Hello").await;
    let grown = again().await.expect(200).json();
    assert_eq!((&grown["last_seq"], &grown["version"]), (&json!(3), &known.at("version")));
    // Nobody's change is in the way of a new name, however much is said.
    let headers = [("if-match", known.header("etag")), ("content-type", "application/json")];
    let named = room.ann.send(Method::PATCH, &room.path(""), &headers, r#"{"name":"New"}"#).await;
    named.expect(200);
    let late = room.ann.send(Method::PATCH, &room.path(""), &headers, r#"{"name":"Late"}"#).await;
    late.expect(412);
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_runs_a_chat_says_who_may_do_what() {
    let room = Room::arrange().await;
    let path = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    let changed = room.ann.patch(&path, json!({ "can_pin": true })).await.expect(200);
    assert_eq!(changed.at("can_pin"), true);
    room.ann.patch(&path, json!({ "can_pin": true })).await.expect(200);
    assert_eq!(room.log(&room.boris, 2).await, ["3 member.changed"]);
    let own = format!("/api/v1/chat_members/{}", room.member("ann").await["id"]);
    for (client, status) in [(&room.boris, 403), (&room.clara, 404), (&room.root, 404)] {
        client.patch(&path, json!({ "is_admin": true })).await.expect(status);
        client.patch(&own, json!({ "is_admin": false })).await.expect(status);
    }
    for key in ["chat_id", "user_id", "active"] {
        let fault = room.ann.patch(&path, json!({ key: 1 })).await.fault();
        assert_eq!(fault, format!("422 validation: /{key} read_only"));
    }
    for key in ["read_seq", "muted_until"] {
        let fault = room.ann.patch(&path, json!({ key: 1 })).await.fault();
        assert_eq!(fault, format!("422 validation: /{key} unknown_field"));
    }
    assert_eq!(room.log(&room.boris, 3).await, [""; 0]);
    room.app.stop().await;
}

#[tokio::test]
async fn somebody_runs_a_chat_always() {
    let room = Room::arrange().await;
    let ann = format!("/api/v1/chat_members/{}", room.member("ann").await["id"]);
    let boris = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.ann.patch(&ann, json!({ "is_admin": false })).await.expect(403);
    room.ann.patch(&boris, json!({ "is_admin": true })).await.expect(200);
    room.boris.patch(&ann, json!({ "is_admin": false })).await.expect(200);
    room.ann.patch(&boris, json!({ "is_admin": false })).await.expect(403);
    assert_eq!(room.log(&room.ann, 2).await, ["3 member.changed", "4 member.changed"]);
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_loses_the_right_to_read_sees_nothing_from_then_on() {
    let room = Room::arrange().await;
    let path = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.boris.get(&room.path("/messages")).await.expect(200);
    room.ann.patch(&path, json!({ "can_read": false })).await.expect(200);
    for rest in ["", "/messages", "/events"] {
        room.boris.get(&room.path(rest)).await.expect(404);
    }
    room.send(&room.boris, json!({ "body": "Hello" })).await.expect(404);
    room.ann.patch(&path, json!({ "is_admin": true })).await.expect(200);
    room.boris.get(&room.path("/messages")).await.expect(200);
    room.app.stop().await;
}
