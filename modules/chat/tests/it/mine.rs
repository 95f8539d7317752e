//! One's own chats, those first in which something was said last.

use serde_json::{Value, json};

use crate::room::{CHATS, Room};

#[tokio::test]
async fn the_chat_in_which_something_was_said_last_comes_first() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let make = async |name: &str| {
        let body = json!({ "kind": "group", "name": name, "member_ids": [boris] });
        room.ann.post(CHATS, body).await.expect(201).id()
    };
    let (first, second) = (make("First").await, make("Second").await);
    let names = async || room.boris.get(&format!("{CHATS}/mine")).await.column("name");
    assert_eq!(names().await, "Second, First, Hall");
    let path = format!("{CHATS}/{first}/messages");
    let said = room.ann.post(&path, json!({ "body": "Hello" })).await.expect(201);
    room.say(&room.ann, "Here too").await;
    assert_eq!(names().await, "Hall, First, Second");
    let mine = room.boris.get(&format!("{CHATS}/mine")).await.expect(200).json();
    let expected = json!({
        "chat_id": first, "name": "First", "kind": "group", "last_seq": 3, "read_seq": 0,
        "unread": 1, "epoch": 1, "muted_until": null, "last_message": said.json(),
    });
    assert_eq!(mine["data"][1], expected);
    assert_eq!(mine["page"], json!({ "has_more": false }));
    assert_eq!(mine["data"][2]["chat_id"], second);
    assert_eq!(mine["data"][2]["last_message"], json!(null));
    let clara = room.clara.get(&format!("{CHATS}/mine")).await.expect(200);
    assert_eq!(clara.at("data"), json!([]));
    room.app.stop().await;
}

#[tokio::test]
async fn pages_join_without_a_gap() {
    let room = Room::arrange().await;
    for at in 0..4 {
        let body = json!({ "kind": "group", "name": format!("{at}") });
        room.ann.post(CHATS, body).await.expect(201);
    }
    let whole = room.ann.get(&format!("{CHATS}/mine")).await.column("name");
    let mut names = Vec::new();
    let mut page: Value = json!({});
    loop {
        let cursor = page["next_cursor"].as_str().map(|it| format!("&cursor={it}"));
        let path = format!("{CHATS}/mine?limit=2{}", cursor.unwrap_or_default());
        let mine = room.ann.get(&path).await.expect(200);
        names.push(mine.column("name"));
        page = mine.at("page");
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!((names.len(), names.join(", ")), (3, whole));
    room.app.stop().await;
}

#[tokio::test]
async fn how_much_it_costs_does_not_depend_on_how_many_there_are() {
    let room = Room::arrange().await;
    let cost = async || room.ann.get(&format!("{CHATS}/mine")).await.expect(200).statements();
    let of_one = cost().await;
    for _ in 0..5 {
        room.ann.post(CHATS, json!({ "kind": "group" })).await.expect(201);
    }
    assert_eq!((of_one, cost().await), (3, 3));
    room.app.stop().await;
}

#[tokio::test]
async fn what_is_no_parameter_is_refused() {
    let room = Room::arrange().await;
    let fault = async |query: &str| room.ann.get(&format!("{CHATS}/mine?{query}")).await.fault();
    assert_eq!(fault("cursor=x").await, "400 bad_parameter: cursor bad_parameter");
    assert_eq!(fault("limit=1001").await, "400 bad_parameter: limit bad_parameter");
    assert_eq!(fault("limit=-1").await, "400 bad_parameter: limit bad_parameter");
    assert_eq!(fault("page=2").await, "400 unknown_parameter: page unknown_parameter");
    room.app.guest().get(&format!("{CHATS}/mine")).await.expect(401);
    room.app.stop().await;
}
