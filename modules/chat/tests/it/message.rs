//! What becomes of a message, and who may make it so.

use artel_testing::Client;
use serde_json::json;

use crate::room::{CHATS, Room};

#[tokio::test]
async fn one_changes_what_one_has_said() {
    let room = Room::arrange().await;
    let said = room.say(&room.boris, "Helo").await;
    let path = room.path(&format!("/messages/{said}"));
    for (client, status) in [(&room.ann, 403), (&room.clara, 404), (&room.root, 404)] {
        client.patch(&path, json!({ "body": "Mine" })).await.expect(status);
    }
    let edited = room.boris.patch(&path, json!({ "body": "Hello" })).await.expect(200).json();
    assert_eq!((&edited["body"], edited["edited_at"].is_string()), (&json!("Hello"), true));
    assert_eq!(room.boris.patch(&path, json!({ "body": "Hello" })).await.json(), edited);
    assert_eq!(
        room.boris.patch(&path, json!({ "body": " " })).await.fault(),
        "422 validation: /body required"
    );
    assert_eq!(room.log(&room.ann, 3).await, ["4 message.edited"]);
    room.app.stop().await;
}

#[tokio::test]
async fn one_takes_back_what_one_has_said_and_some_what_others_said() {
    let room = Room::arrange().await;
    let (own, other) = (room.say(&room.boris, "One").await, room.say(&room.ann, "Two").await);
    let path = |id: i64| room.path(&format!("/messages/{id}"));
    room.boris.delete(&path(other)).await.expect(403);
    room.clara.delete(&path(other)).await.expect(404);
    room.boris.delete(&path(own)).await.expect(204);
    room.boris.delete(&path(own)).await.expect(404);
    let member = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.ann.patch(&member, json!({ "can_delete_others": true })).await.expect(200);
    room.boris.delete(&path(other)).await.expect(204);
    let third = room.say(&room.boris, "Three").await;
    room.ann.delete(&path(third)).await.expect(204);

    let read = room.ann.get(&room.path("/messages")).await.expect(200).json();
    let bodies: Vec<_> = read["data"].as_array().unwrap().iter().map(|it| &it["body"]).collect();
    assert_eq!(bodies, [&json!(null); 3]);
    assert!(read["data"][0]["deleted_at"].is_string());
    let events = room.ann.get(&room.path("/events?after=4&limit=1")).await.expect(200).json();
    let told = json!({ "message_id": own, "message_seq": 3, "by_id": room.user("boris").await });
    assert_eq!(
        (&events["data"][0]["kind"], &events["data"][0]["data"]),
        (&json!("message.deleted"), &told)
    );
    room.app.stop().await;
}

#[tokio::test]
async fn nothing_becomes_of_a_deleted_message() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "Hello").await;
    let path = room.path(&format!("/messages/{said}"));
    room.ann.delete(&path).await.expect(204);
    room.ann.patch(&path, json!({ "body": "Again" })).await.expect(404);
    room.ann.post(&format!("{path}/pin"), json!({ "pinned": true })).await.expect(404);
    room.ann.post(&format!("{path}/reactions"), json!({ "emoji": "👍" })).await.expect(404);
    assert_eq!(room.log(&room.ann, 3).await, ["4 message.deleted"]);
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_may_pin_pins() {
    let room = Room::arrange().await;
    let said = room.say(&room.boris, "Hello").await;
    let path = room.path(&format!("/messages/{said}/pin"));
    let pin =
        async |client: &Client, pinned: bool| client.post(&path, json!({ "pinned": pinned })).await;
    pin(&room.boris, true).await.expect(403);
    pin(&room.clara, true).await.expect(404);
    assert_eq!(pin(&room.ann, true).await.expect(200).at("pinned"), true);
    pin(&room.ann, true).await.expect(200);
    let member = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.ann.patch(&member, json!({ "can_pin": true })).await.expect(200);
    assert_eq!(pin(&room.boris, false).await.expect(200).at("pinned"), false);
    assert_eq!(
        room.log(&room.ann, 3).await,
        ["4 message.pinned", "5 member.changed", "6 message.unpinned"]
    );
    room.app.stop().await;
}

#[tokio::test]
async fn a_reaction_is_taken_back_by_the_same_again() {
    let room = Room::arrange().await;
    let said = room.say(&room.boris, "Hello").await;
    let path = room.path(&format!("/messages/{said}/reactions"));
    let react = async |client: &Client, emoji: &str| {
        client.post(&path, json!({ "emoji": emoji })).await.expect(200).at("counts")
    };
    assert_eq!(react(&room.ann, "👍").await, json!({ "👍": 1 }));
    assert_eq!(react(&room.boris, "👍").await, json!({ "👍": 2 }));
    assert_eq!(react(&room.boris, "👨‍👩‍👧‍👦").await, json!({ "👍": 2, "👨‍👩‍👧‍👦": 1 }));
    assert_eq!(react(&room.ann, "👍").await, json!({ "👍": 1, "👨‍👩‍👧‍👦": 1 }));
    let events = room.ann.get(&room.path("/events?after=6")).await.expect(200).json();
    let told = json!({
        "message_id": said, "user_id": room.user("ann").await, "emoji": "👍",
        "counts": { "👍": 1, "👨‍👩‍👧‍👦": 1 },
    });
    assert_eq!(events["data"][0]["kind"], "reaction.removed");
    assert_eq!(events["data"][0]["data"], told);
    let read = room.ann.get(&room.path("/messages")).await.expect(200).json();
    assert_eq!(read["data"][0]["reactions"], told["counts"]);
    for (emoji, code) in [("", "too_short"), (" ", "invalid"), (&*"x".repeat(17), "too_long")] {
        let fault = room.ann.post(&path, json!({ "emoji": emoji })).await.fault();
        assert_eq!(fault, format!("422 validation: /emoji {code}"));
    }
    room.app.stop().await;
}

#[tokio::test]
async fn a_message_of_another_chat_is_none_of_this_one() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "Hello").await;
    let other = room.ann.post(CHATS, json!({ "kind": "group" })).await.expect(201).id();
    let path = format!("{CHATS}/{other}/messages/{said}");
    room.ann.patch(&path, json!({ "body": "Hi" })).await.expect(404);
    room.ann.delete(&path).await.expect(404);
    room.ann.post(&format!("{path}/pin"), json!({ "pinned": true })).await.expect(404);
    room.ann.post(&format!("{path}/reactions"), json!({ "emoji": "👍" })).await.expect(404);
    let own = room.path(&format!("/messages/{said}"));
    room.ann.patch(&own, json!({ "body": "Hi" })).await.expect(200);
    room.app.stop().await;
}
