//! Saying something: once, in order, to those who are there.

use artel_testing::Client;
use futures_util::future::join_all;
use serde_json::json;

use crate::room::Room;

const NAME: &str = "0190a5b2-0000-7000-8000-000000000001";

#[tokio::test]
async fn what_is_said_is_read_by_the_others() {
    let room = Room::arrange().await;
    let sent = room.send(&room.ann, json!({ "body": "Hello" })).await.expect(201);
    assert_eq!(sent.header("location"), format!("/api/v1/chat_messages/{}", sent.id()));
    let read = room.boris.get(&room.path("/messages")).await.expect(200).json();
    assert_eq!(read["data"], json!([sent.json()]));
    assert_eq!((&read["as_of_seq"], &read["epoch"]), (&json!(3), &json!(1)));
    assert_eq!(read["page"], json!({ "has_more": false }));
    let message = &read["data"][0];
    assert_eq!(message["seq"], 3, "behind two who joined");
    assert_eq!(message["author_id"], room.user("ann").await);
    assert_eq!((&message["body"], &message["reactions"]), (&json!("Hello"), &json!({})));
    assert_eq!(
        room.log(&room.boris, 0).await,
        ["1 member.joined", "2 member.joined", "3 message.created"]
    );
    let generated = room.boris.get(sent.header("location")).await.expect(200).json();
    for key in ["body", "seq", "created_at", "author_id", "client_msg_id"] {
        assert_eq!(generated[key], message[key], "{key}");
    }
    room.app.stop().await;
}

#[tokio::test]
async fn sending_again_sends_once() {
    let room = Room::arrange().await;
    let again = json!({ "body": "Hello", "client_msg_id": NAME });
    let first = room.send(&room.ann, again.clone()).await.expect(201).json();
    assert_eq!(room.send(&room.ann, again.clone()).await.expect(200).json(), first);
    let other = json!({ "body": "Something else", "client_msg_id": NAME });
    assert_eq!(room.send(&room.ann, other).await.expect(200).json(), first);
    let own = room.send(&room.boris, again.clone()).await.expect(201).json();
    assert_ne!(own["id"], first["id"], "names are those of one author");

    let path = room.path(&format!("/messages/{}", first["id"]));
    room.ann.patch(&path, json!({ "body": "Changed" })).await.expect(200);
    let edited = room.send(&room.ann, again.clone()).await.expect(200).json();
    assert_eq!((&edited["id"], &edited["body"]), (&first["id"], &json!("Changed")));
    room.ann.delete(&path).await.expect(204);
    let deleted = room.send(&room.ann, again).await.expect(200).json();
    assert_eq!((&deleted["id"], &deleted["body"]), (&first["id"], &json!(null)));
    room.app.stop().await;
}

#[tokio::test]
async fn two_who_send_the_same_at_once_send_it_once() {
    let room = Room::arrange().await;
    let body = json!({ "body": "Hello", "client_msg_id": NAME });
    let sent = join_all((0..8).map(|_| room.send(&room.ann, body.clone()))).await;
    let made = sent.iter().filter(|it| it.status == 201).count();
    assert_eq!((made, sent.iter().filter(|it| it.status == 200).count()), (1, 7));
    assert!(sent.iter().all(|it| it.id() == sent[0].id()));
    assert_eq!(room.log(&room.ann, 2).await, ["3 message.created"]);
    room.app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_its_place() {
    let room = Room::arrange().await;
    let fault = async |body| room.send(&room.ann, body).await.fault();
    for empty in ["", " ", "\n\t", "\u{2003}\u{a0}"] {
        assert_eq!(fault(json!({ "body": empty })).await, "422 validation: /body required");
    }
    assert_eq!(fault(json!({})).await, "422 validation: /body required");
    let long = "я".repeat(16_001);
    assert_eq!(fault(json!({ "body": long })).await, "422 validation: /body too_long");
    room.send(&room.ann, json!({ "body": "я".repeat(16_000) })).await.expect(201);
    assert_eq!(
        fault(json!({ "body": "x", "client_msg_id": "x", "pinned": true })).await,
        "422 validation: /client_msg_id invalid, /pinned unknown_field"
    );
    let elsewhere = other_message(&room, &room.ann).await;
    for absent in [elsewhere, 999_999] {
        let answer = json!({ "body": "x", "reply_to_id": absent });
        assert_eq!(fault(answer).await, "422 validation: /reply_to_id not_found");
    }
    let said = room.say(&room.boris, "A question").await;
    let answer = json!({ "body": "An answer", "reply_to_id": said });
    assert_eq!(room.send(&room.ann, answer).await.expect(201).at("reply_to_id"), said);
    room.app.stop().await;
}

#[tokio::test]
async fn a_message_costs_few_statements() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "Hello").await;
    let plain = room.send(&room.ann, json!({ "body": "Hello" })).await.expect(201);
    assert_eq!(plain.statements(), 4);
    let whole = json!({ "body": "Hello", "client_msg_id": NAME, "reply_to_id": said });
    assert_eq!(room.send(&room.ann, whole.clone()).await.expect(201).statements(), 6);
    assert_eq!(room.send(&room.ann, whole).await.expect(200).statements(), 4);
    assert_eq!(room.ann.get(&room.path("/messages")).await.expect(200).statements(), 2);
    room.app.stop().await;
}

/// A message of another chat.
async fn other_message(room: &Room, client: &Client) -> i64 {
    let chat = client.post(crate::room::CHATS, json!({ "kind": "group" })).await.expect(201).id();
    let path = format!("{}/{chat}/messages", crate::room::CHATS);
    let sent = client.post(&path, json!({ "body": "Elsewhere" })).await.expect(201);
    assert_ne!(chat, room.group);
    sent.id()
}

#[tokio::test]
async fn whoever_says_too_much_at_once_is_told_when_to_go_on_and_others_are_not() {
    let room = Room::arrange().await;
    let sent = join_all((0..300).map(|at| {
        let body = json!({ "body": format!("{at}") });
        room.send(&room.ann, body)
    }))
    .await;
    let (said, refused): (Vec<_>, Vec<_>) = sent.into_iter().partition(|it| it.status == 201);
    assert!(said.len() >= 40, "{} of 300 passed", said.len());
    let refused = refused.into_iter().next().expect("nobody was refused").expect(429);
    assert_eq!((refused.at("code"), refused.header("retry-after")), (json!("rate_limited"), "1"));
    room.send(&room.boris, json!({ "body": "Calm down" })).await.expect(201);
    // Nothing of what was refused stands.
    let events = room.log(&room.ann, 2).await;
    assert_eq!(events.len(), said.len() + 1);
    room.app.stop().await;
}
