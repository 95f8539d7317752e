//! A chat is seen by those in it, by every path; administrators and everybody else see none of it.

use artel_testing::{Client, seen};
use serde_json::json;

use crate::room::Room;

const COLLECTIONS: [&str; 5] =
    ["chats", "chat_members", "chat_messages", "chat_reactions", "chat_events"];

#[tokio::test]
async fn only_members_see_a_chat_by_whatever_path() {
    let room = Room::arrange().await;
    fill(&room).await;
    for collection in COLLECTIONS {
        let all = ids(&room.ann, collection).await;
        assert!(!all.is_empty(), "{collection}");
        assert_eq!(seen(&room.boris, collection, &all).await, all);
        for stranger in [&room.clara, &room.root] {
            assert_eq!(seen(stranger, collection, &all).await, [0; 0]);
        }
    }
    room.app.stop().await;
}

#[tokio::test]
async fn a_chat_of_others_is_as_one_that_is_not_there() {
    let room = Room::arrange().await;
    let said = fill(&room).await;
    let user = room.user("clara").await;
    for stranger in [&room.clara, &room.root] {
        for (rest, body) in [
            ("/messages", json!({ "body": "Hello" })),
            (&*format!("/messages/{said}/pin"), json!({ "pinned": true })),
            (&*format!("/messages/{said}/reactions"), json!({ "emoji": "👍" })),
            ("/read", json!({ "seq": 1 })),
            ("/mute", json!({ "until": null })),
            ("/members", json!({ "user_id": user })),
        ] {
            let hidden = stranger.post(&room.path(rest), body.clone()).await.expect(404);
            let missing = format!("/api/v1/chats/999999{rest}");
            let missing = stranger.post(&missing, body).await.expect(404);
            assert_eq!(hidden.without_request_id(), missing.without_request_id(), "{rest}");
        }
        for rest in ["/messages", "/events", "/members", ""] {
            stranger.get(&room.path(rest)).await.expect(404);
        }
        let message = room.path(&format!("/messages/{said}"));
        stranger.patch(&message, json!({ "body": "Mine" })).await.expect(404);
        stranger.delete(&message).await.expect(404);
        stranger.delete(&room.path(&format!("/members/{user}"))).await.expect(404);
    }
    room.app.guest().get(&room.path("/messages")).await.expect(401);
    room.app.stop().await;
}

#[tokio::test]
async fn an_administrator_who_is_invited_sees_it() {
    let room = Room::arrange().await;
    room.root.get(&room.path("/messages")).await.expect(404);
    room.invite("root", json!({})).await.expect(201);
    room.root.get(&room.path("/messages")).await.expect(200);
    room.root.get(&room.path("")).await.expect(200);
    room.app.stop().await;
}

#[tokio::test]
async fn how_far_somebody_has_read_is_their_own_business() {
    let room = Room::arrange().await;
    fill(&room).await;
    let until = json!({ "until": "2030-01-01T00:00:00Z" });
    for client in [&room.ann, &room.boris] {
        client.post(&room.path("/read"), json!({ "seq": 3 })).await.expect(200);
        client.post(&room.path("/mute"), until.clone()).await.expect(200);
    }
    let all = ids(&room.ann, "chat_marks").await;
    let all = [all, ids(&room.boris, "chat_marks").await].concat();
    assert_eq!(all.len(), 2);
    assert_eq!(seen(&room.ann, "chat_marks", &all).await, all[..1]);
    assert_eq!(seen(&room.boris, "chat_marks", &all).await, all[1..]);
    assert_eq!(seen(&room.root, "chat_marks", &all).await, [0; 0]);
    for path in [
        "chat_members?read_seq[gte]=0",
        "chat_members?sort=muted_until",
        "chat_members?fields=read_seq",
        "chats?members.read_seq=3",
        "chat_messages?expand=chat.marks",
        "users?expand=marks",
    ] {
        let fault = room.ann.get(&format!("/api/v1/{path}")).await;
        assert!(fault.fault().contains("unknown_field"), "{path}: {}", fault.text());
    }
    let members = room.ann.get("/api/v1/chat_members?expand=chat").await.expect(200).text();
    assert!(!members.contains("read_seq") && !members.contains("muted"), "{members}");
    room.app.stop().await;
}

#[tokio::test]
async fn without_the_grant_nobody_gets_anywhere() {
    let room = Room::arrange().await;
    let grants = room.root.get("/api/v1/grants?model=chats").await.expect(200).json();
    let grant = format!("/api/v1/grants/{}", grants["data"][0]["id"]);
    room.root.patch(&grant, json!({ "can_create": false })).await.expect(200);
    room.ann.post("/api/v1/chats", json!({ "kind": "group" })).await.expect(403);
    let user = room.user("boris").await;
    room.ann.post("/api/v1/chats/direct", json!({ "user_id": user })).await.expect(403);
    room.say(&room.ann, "Still here").await;
    let writing = json!({ "can_read": false, "can_create": true });
    room.root.patch(&grant, writing).await.expect(200);
    let about = json!({ "record_model": "users", "record_id": user });
    room.ann.post("/api/v1/chats/record", about).await.expect(403);
    room.ann.post("/api/v1/chats", json!({ "kind": "group" })).await.expect(403);
    room.send(&room.ann, json!({ "body": "Hello" })).await.expect(403);
    for path in ["/messages", "/events", ""] {
        room.ann.get(&room.path(path)).await.expect(403);
    }
    room.ann.get("/api/v1/chats/mine").await.expect(403);
    room.app.stop().await;
}

#[tokio::test]
async fn a_rule_that_is_added_holds_on_every_route() {
    let room = Room::arrange().await;
    let said = fill(&room).await;
    let other = room.ann.post("/api/v1/chats", json!({ "kind": "group", "name": "Other" })).await;
    let other = other.expect(201).id();
    let rule = json!({
        "name": "no hall", "model": "chats", "on_read": true, "filter": { "name": { "ne": "Hall" } },
    });
    room.root.post("/api/v1/rules", rule).await.expect(201);
    for rest in ["", "/messages", "/events"] {
        room.ann.get(&room.path(rest)).await.expect(404);
        room.ann.get(&format!("/api/v1/chats/{other}{rest}")).await.expect(200);
    }
    room.send(&room.ann, json!({ "body": "Hello" })).await.expect(404);
    room.ann.delete(&room.path(&format!("/messages/{said}"))).await.expect(404);
    let mine = room.ann.get("/api/v1/chats/mine").await.expect(200);
    assert_eq!(mine.column("name"), "Other");
    room.app.stop().await;
}

/// Something of everything in the group; a message.
async fn fill(room: &Room) -> i64 {
    let said = room.say(&room.ann, "Hello").await;
    let path = room.path(&format!("/messages/{said}/reactions"));
    room.boris.post(&path, json!({ "emoji": "👍" })).await.expect(200);
    said
}

async fn ids(client: &Client, collection: &str) -> Vec<i64> {
    let list = client.get(&format!("/api/v1/{collection}?fields=id&sort=id")).await.expect(200);
    list.at("data").as_array().unwrap().iter().map(|it| it["id"].as_i64().unwrap()).collect()
}
