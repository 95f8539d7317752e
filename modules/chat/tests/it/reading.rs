//! How far one has read, and what one does not want to hear of.

use artel_testing::Client;
use serde_json::json;

use crate::room::{CHATS, Room};

#[tokio::test]
async fn the_mark_moves_forward_and_never_beyond_the_end() {
    let room = Room::arrange().await;
    for text in ["One", "Two", "Three"] {
        room.say(&room.ann, text).await;
    }
    room.say(&room.boris, "Mine").await;
    let read = async |client: &Client, seq: i64| {
        let read = client.post(&room.path("/read"), json!({ "seq": seq })).await.expect(200);
        (read.at("read_seq").as_i64().unwrap(), read.at("unread").as_i64().unwrap())
    };
    assert_eq!(read(&room.boris, 0).await, (0, 3));
    assert_eq!(read(&room.boris, 3).await, (3, 2));
    assert_eq!(read(&room.boris, 2).await, (3, 2));
    assert_eq!(read(&room.boris, 999).await, (6, 0));
    assert_eq!(read(&room.ann, 4).await, (4, 1));
    assert_eq!(room.log(&room.ann, 6).await, [""; 0], "reading is no event");
    room.app.stop().await;
}

#[tokio::test]
async fn deleted_messages_are_not_unread() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "One").await;
    room.say(&room.ann, "Two").await;
    let unread = async || {
        let mine = room.boris.get(&format!("{CHATS}/mine")).await.expect(200).at("data");
        mine[0]["unread"].clone()
    };
    assert_eq!(unread().await, 2);
    room.ann.delete(&room.path(&format!("/messages/{said}"))).await.expect(204);
    assert_eq!(unread().await, 1);
    room.app.stop().await;
}

#[tokio::test]
async fn one_mutes_a_chat_for_oneself() {
    let room = Room::arrange().await;
    let path = room.path("/mute");
    let muted = room.boris.post(&path, json!({ "until": "2030-01-02T03:04:05Z" })).await;
    assert_eq!(muted.expect(200).at("muted_until"), "2030-01-02T03:04:05Z");
    let of = async |client: &Client| {
        client.get(&format!("{CHATS}/mine")).await.at("data")[0]["muted_until"].clone()
    };
    assert_eq!(of(&room.boris).await, "2030-01-02T03:04:05Z");
    assert_eq!(of(&room.ann).await, json!(null));
    room.boris.post(&path, json!({ "until": null })).await.expect(200);
    assert_eq!(of(&room.boris).await, json!(null));
    room.boris.post(&path, json!({ "until": "2030-01-02T03:04:05+03:00" })).await.expect(200);
    assert_eq!(of(&room.boris).await, "2030-01-02T00:04:05Z");
    assert_eq!(room.boris.post(&path, json!({})).await.at("muted_until"), json!(null));
    for (body, code) in
        [(json!({ "until": "tomorrow" }), "invalid"), (json!({ "until": 7 }), "wrong_type")]
    {
        let fault = room.boris.post(&path, body).await.fault();
        assert_eq!(fault, format!("422 validation: /until {code}"));
    }
    room.app.stop().await;
}

#[tokio::test]
async fn a_mark_is_a_number_of_an_event() {
    let room = Room::arrange().await;
    let fault = async |body| room.boris.post(&room.path("/read"), body).await.fault();
    assert_eq!(fault(json!({ "seq": -1 })).await, "422 validation: /seq greater_than_or_equal");
    assert_eq!(fault(json!({})).await, "422 validation: /seq required");
    room.app.stop().await;
}
