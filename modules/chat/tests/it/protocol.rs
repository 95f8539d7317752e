//! The document of the protocol: as somebody last saw it, and true of every frame that a test hears.

use std::sync::OnceLock;

use artel_testing::Client;
use expect_test::expect_file;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::room::Room;

const ASYNCAPI: &str = "/api/asyncapi.json";

/// The shapes of what the server sends, one of which every frame has to have.
static SENT: OnceLock<Validator> = OnceLock::new();

/// Sees that a frame has the shape of its type, and nothing that is not described.
pub(crate) async fn check(client: &Client, frame: &Value) {
    if SENT.get().is_none() {
        let document = client.get(ASYNCAPI).await.expect(200).json();
        let _ = SENT.set(shape_of(&document, "server."));
    }
    let shape = SENT.get().unwrap();
    assert!(shape.is_valid(frame), "no frame of the document: {frame}");
}

/// One of the shapes of the messages whose names begin so.
fn shape_of(document: &Value, side: &str) -> Validator {
    let messages = document["channels"]["ws"]["messages"].as_object().unwrap();
    let one_of: Vec<_> = messages
        .iter()
        .filter(|(name, _)| name.starts_with(side))
        .map(|(_, message)| message["payload"].clone())
        .collect();
    assert!(!one_of.is_empty(), "no message {side}…");
    let mut shape = json!({ "oneOf": one_of, "components": document["components"] });
    close(&mut shape);
    jsonschema::draft7::new(&shape).unwrap()
}

/// Has every object refuse members that are not described.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("allOf") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_is_as_somebody_last_saw_it() {
    let room = Room::arrange().await;
    let document = room.app.guest().get(ASYNCAPI).await.expect(200).json();
    let mut outline = String::new();
    for (name, message) in document["channels"]["ws"]["messages"].as_object().unwrap() {
        let members = match &message["payload"]["properties"] {
            Value::Object(members) => members.keys().cloned().collect::<Vec<_>>().join(", "),
            _ => message["payload"].to_string(),
        };
        outline += &format!("{name}: {members}\n");
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let members = schema["properties"].as_object();
        let members: Vec<_> = members.into_iter().flat_map(|it| it.keys().cloned()).collect();
        outline += &format!("{name} {{ {} }}\n", members.join(", "));
    }
    for close in document["channels"]["ws"]["x-close-codes"].as_array().unwrap() {
        outline += &format!("{} {}\n", close["code"], close["means"].as_str().unwrap());
    }
    expect_file!["./protocol.txt"].assert_eq(&outline);
    room.app.stop().await;
}

#[tokio::test]
async fn frames_have_the_shape_of_their_type_and_no_other() {
    let room = Room::arrange().await;
    let document = room.app.guest().get(ASYNCAPI).await.expect(200).json();
    let sent = shape_of(&document, "server.");
    let taken = shape_of(&document, "client.");
    let uuid = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
    for good in [
        json!({ "type": "auth", "token": "x" }),
        json!({ "type": "subscribe", "id": "1", "chats": { "17": { "seq": 4, "epoch": 3 } } }),
        json!({ "type": "subscribe", "id": "1", "chats": { "17": 4, "18": null } }),
        json!({ "type": "unsubscribe", "chats": [17] }),
        json!({ "type": "send", "id": "1", "chat_id": 17, "client_msg_id": uuid, "body": "Hi" }),
        json!({ "type": "read", "chat_id": 17, "seq": 4 }),
        json!({ "type": "typing", "chat_id": 17 }),
        json!({ "type": "ping" }),
    ] {
        assert!(taken.is_valid(&good), "{good}");
        assert!(!sent.is_valid(&good) || good["type"] == "typing", "{good}");
    }
    for bad in [
        json!({ "type": "fly" }),
        json!({ "type": "ping", "id": "1" }),
        json!({ "type": "read", "chat_id": "17", "seq": 4 }),
        json!({ "type": "subscribe", "id": "1", "chats": { "17": "all" } }),
        json!({ "type": "subscribe", "id": "1", "chats": { "hall": 4 } }),
        json!({ "type": "send", "id": "1", "chat_id": 17, "body": "Hi" }),
    ] {
        assert!(!taken.is_valid(&bad), "{bad}");
    }
    for bad in [
        json!({ "type": "pong", "id": "1" }),
        json!({ "type": "ack", "id": "1", "chat_id": 17, "seq": 4 }),
        json!({ "type": "event", "chat_id": 17, "seq": 4, "kind": "chat.flown", "data": {} }),
    ] {
        assert!(!sent.is_valid(&bad), "{bad}");
    }
    room.app.stop().await;
}
