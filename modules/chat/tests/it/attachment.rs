//! Files are read by those who may read the message that they came with, and by nobody else.

use artel_testing::{Client, Reply, TestApp, TestClock};
use chat::attachment::sweep::sweep;
use chrono::{TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};

use crate::{listener::Listener, room::Room};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what follows";

async fn bring(room: &Room, client: &Client, (name, bytes): (&str, &[u8])) -> Reply {
    let path = room.path(&format!("/attachments?name={name}"));
    let headers = [("content-type", "application/octet-stream")];
    client.send(Method::POST, &path, &headers, bytes.to_vec()).await
}

async fn say_with(room: &Room, files: &[i64]) -> Reply {
    room.send(&room.ann, json!({ "body": "", "attachment_ids": files })).await
}

fn path_of(room: &Room, file: i64) -> String {
    room.path(&format!("/attachments/{file}"))
}

fn stored(room: &Room) -> usize {
    let folder = room.app.app().settings.data_dir.join("files").join("chat");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_file_is_brought_said_and_read_by_all_who_read_the_message() {
    let room = Room::arrange().await;
    let mut boris = Listener::to(&room.boris, room.group).await;
    let brought = bring(&room, &room.ann, ("%D0%BF%D0%BB%D0%B0%D0%BD%201.png", PNG)).await;
    let brought = brought.expect(201);
    let file = brought.id();
    assert_eq!(brought.header("location"), path_of(&room, file));
    let expected = json!({
        "id": file, "name": "план 1.png", "content_type": "image/png", "size": PNG.len(),
    });
    assert_eq!(brought.json(), expected);
    let said = say_with(&room, &[file]).await.expect(201);
    assert_eq!((said.at("attachments"), said.at("body")), (json!([file]), json!("")));
    let told = boris.frame().await;
    assert_eq!(told["data"]["message"]["attachments"], json!([file]));
    let window = room.boris.get(&room.path("/messages")).await.expect(200);
    assert_eq!(window.at("data")[0]["attachments"], json!([file]));
    let of_message = room.path(&format!("/messages/{}/attachments", said.id()));
    let listed = room.boris.get(&of_message).await.expect(200).at("data");
    assert_eq!(listed, json!([expected]));

    let read = room.boris.get(&path_of(&room, file)).await.expect(200);
    assert_eq!(read.body, PNG);
    assert_eq!(read.header("content-type"), "image/png");
    let name = "inline; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD%201.png";
    assert_eq!(read.header("content-disposition"), name);
    assert_eq!(read.header("x-content-type-options"), "nosniff");
    assert_eq!(read.header("content-security-policy"), "default-src 'none'; sandbox");
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_may_not_read_the_chat_finds_no_file() {
    let room = Room::arrange().await;
    let file = bring(&room, &room.ann, ("a.txt", b"secret")).await.expect(201).id();
    let path = path_of(&room, file);
    // Until it is said, it is hers alone.
    room.ann.get(&path).await.expect(200);
    let hidden = room.boris.get(&path).await.expect(404).without_request_id();
    assert_eq!(room.boris.get(&path_of(&room, 999_999)).await.without_request_id(), hidden);
    let stolen = json!({ "body": "Mine", "attachment_ids": [file] });
    let fault = room.send(&room.boris, stolen).await.fault();
    assert_eq!(fault, "422 validation: /attachment_ids/0 not_found");
    say_with(&room, &[file]).await.expect(201);
    assert_eq!(room.boris.get(&path).await.expect(200).body, "secret");
    for stranger in [&room.clara, &room.root] {
        stranger.get(&path).await.expect(404);
        bring(&room, stranger, ("a.txt", b"x")).await.expect(404);
    }
    // By the way of another chat it is as little to be had.
    let other = json!({ "kind": "group", "name": "Other" });
    let other = room.clara.post("/api/v1/chats", other).await.expect(201).id();
    let around = format!("/api/v1/chats/{other}/attachments/{file}");
    room.clara.get(&around).await.expect(404);
    let around = format!("/api/v1/chats/{other}/messages");
    let stolen = json!({ "body": "Mine", "attachment_ids": [file] });
    let fault = room.clara.post(&around, stolen).await.fault();
    assert_eq!(fault, "422 validation: /attachment_ids/0 not_found");
    // Removed, he reads it no longer.
    let out = room.path(&format!("/members/{}", room.user("boris").await));
    room.ann.delete(&out).await.expect(204);
    room.boris.get(&path).await.expect(404);
    room.ann.get(&path).await.expect(200);
    assert_eq!(room.app.guest().get(&path).await.status, 401);
    room.app.stop().await;
}

#[tokio::test]
async fn a_file_is_said_once_and_gone_with_its_message() {
    let room = Room::arrange().await;
    let file = bring(&room, &room.ann, ("a.pdf", b"%PDF-1.7")).await.expect(201).id();
    let named = json!({
        "body": "Plan", "attachment_ids": [file],
        "client_msg_id": "0190a5b2-0000-7000-8000-000000000001",
    });
    let said = room.send(&room.ann, named.clone()).await.expect(201);
    // Sent again it is the same; said again with another message it is not there.
    assert_eq!(room.send(&room.ann, named).await.expect(200).json(), said.json());
    let fault = say_with(&room, &[file]).await.fault();
    assert_eq!(fault, "422 validation: /attachment_ids/0 not_found");
    let twice = bring(&room, &room.ann, ("b", b"b")).await.expect(201).id();
    let fault = say_with(&room, &[twice, twice]).await.fault();
    assert_eq!(fault, "422 validation: /attachment_ids/1 duplicate");
    assert_eq!(stored(&room), 2);
    let path = room.path(&format!("/messages/{}", said.id()));
    room.ann.patch(&path, json!({ "body": "" })).await.expect(200);
    room.ann.delete(&path).await.expect(204);
    room.ann.get(&path_of(&room, file)).await.expect(404);
    room.boris.get(&path_of(&room, file)).await.expect(404);
    let window = room.boris.get(&room.path("/messages")).await.expect(200);
    assert_eq!(window.at("data")[0]["attachments"], json!([]));
    assert_eq!(stored(&room), 1, "its bytes are gone, and those of nobody else");
    room.app.stop().await;
}

#[tokio::test]
async fn what_is_too_large_or_has_no_name_leaves_nothing() {
    let app = TestApp::builder().setting("ARTEL_CHAT__ATTACHMENT_LIMIT", "2MiB");
    let app = app.setting("ARTEL_HTTP__BODY_LIMIT", "1KiB");
    let room = Room::of(app.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    let limit = 2 << 20;
    bring(&room, &room.ann, ("a", &vec![7; limit])).await.expect(201);
    let refused = bring(&room, &room.ann, ("a", &vec![7; limit + 1])).await.expect(413);
    assert_eq!(refused.at("detail"), json!("A body may have at most 2097152 bytes"));
    // Elsewhere the limit of all requests holds.
    room.send(&room.ann, json!({ "body": "x".repeat(2_000) })).await.expect(413);
    for name in ["%20", "a%00b", "a%0D%0Ab", &"x".repeat(256)] {
        let fault = bring(&room, &room.ann, (name, b"x")).await.fault();
        assert_eq!(fault, "400 bad_parameter: name bad_parameter", "{name}");
    }
    bring(&room, &room.ann, ("..%2F..%2Fetc%2Fpasswd", b"<svg onload=x>")).await.expect(201);
    assert_eq!(stored(&room), 2);
    room.app.stop().await;
}

#[tokio::test]
async fn what_nobody_says_is_forgotten_after_a_day_and_nothing_else() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().clock(clock.clock());
    let room = Room::of(app.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    let said = bring(&room, &room.ann, ("said", b"said")).await.expect(201).id();
    bring(&room, &room.ann, ("forgotten", b"forgotten")).await.expect(201);
    say_with(&room, &[said]).await.expect(201);
    assert_eq!(sweep(room.app.app()).await.unwrap(), 0);
    clock.move_by(TimeDelta::hours(25));
    assert_eq!(sweep(room.app.app()).await.unwrap(), 1);
    assert_eq!(stored(&room), 1);
    assert_eq!((sweep(room.app.app()).await.unwrap(), stored(&room)), (0, 1));
    let ann = room.app.user("ann").await;
    assert_eq!(ann.get(&path_of(&room, said)).await.expect(200).body, "said");
    room.app.stop().await;
}

#[tokio::test]
async fn a_socket_sends_files_too() {
    let room = Room::arrange().await;
    let file = bring(&room, &room.ann, ("a", b"a")).await.expect(201).id();
    let mut ann = Listener::of(&room.ann).await;
    let send = |files: Value| {
        json!({
            "type": "send", "id": "1", "chat_id": room.group, "body": "With it",
            "client_msg_id": "0190a5b2-0000-7000-8000-000000000001", "attachment_ids": files,
        })
    };
    ann.say(send(json!([file + 1_000]))).await;
    assert_eq!(ann.frame().await["code"], "validation");
    ann.say(send(json!([file]))).await;
    assert_eq!(ann.frame().await["type"], "ack");
    let window = room.boris.get(&room.path("/messages")).await.expect(200);
    assert_eq!(window.at("data")[0]["attachments"], json!([file]));
    room.app.stop().await;
}
