//! Making chats, and what the generated routes leave to others.

use artel_testing::TestApp;
use http::Method;
use serde_json::{Value, json};

use crate::room::{CHATS, Room};

#[tokio::test]
async fn whoever_makes_a_chat_runs_it() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let body = json!({ "kind": "channel", "name": "News", "member_ids": [boris, boris] });
    let made = room.ann.post(CHATS, body).await.expect(201);
    assert_eq!(made.header("location"), format!("{CHATS}/{}", made.id()));
    assert_eq!((made.at("kind"), made.at("name")), (json!("channel"), json!("News")));
    assert_eq!((made.at("last_seq"), made.at("epoch")), (json!(2), json!(1)));
    assert_eq!(made.at("created_by_id"), room.user("ann").await);
    assert_eq!(room.boris.get(made.header("location")).await.expect(200).json(), made.json());
    let path = format!("/api/v1/chat_members?chat_id={}", made.id());
    let members = room.boris.get(&path).await.expect(200).json();
    let flags =
        |it: &Value| [it["is_admin"].clone(), it["can_read"].clone(), it["can_write"].clone()];
    assert_eq!(flags(&members["data"][0]), [true, true, true]);
    assert_eq!(flags(&members["data"][1]), [false, true, false]);
    let events = format!("{CHATS}/{}/events", made.id());
    let events = room.boris.get(&events).await.expect(200).json();
    assert_eq!(events["data"][1]["data"]["member"]["user_id"], boris);
    room.app.stop().await;
}

#[tokio::test]
async fn every_fault_of_a_new_chat_is_said() {
    let room = Room::arrange().await;
    let fault = async |body| room.ann.post(CHATS, body).await.fault();
    assert_eq!(
        fault(json!({ "kind": "direct", "name": 7, "last_seq": 4 })).await,
        "422 validation: /kind choice, /name wrong_type, /last_seq unknown_field"
    );
    assert_eq!(fault(json!({ "name": "x" })).await, "422 validation: /kind required");
    let ann = room.user("ann").await;
    assert_eq!(
        fault(json!({ "kind": "group", "member_ids": [ann, 999_998, 999_999] })).await,
        "422 validation: /member_ids/1 not_found, /member_ids/2 not_found"
    );
    room.app.guest().post(CHATS, json!({ "kind": "group" })).await.expect(401);
    room.clara.post(CHATS, json!({ "kind": "group" })).await.expect(201);
    room.app.stop().await;
}

#[tokio::test]
async fn the_generated_routes_go_around_no_log() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "Hello").await;
    let member = room.member("boris").await["id"].clone();
    let mut paths = vec![
        (Method::DELETE, format!("{CHATS}/{}", room.group)),
        (Method::POST, format!("{CHATS}/update_where")),
        (Method::POST, format!("{CHATS}/delete_where")),
        (Method::POST, "/api/v1/chat_members".to_owned()),
        (Method::POST, "/api/v1/chat_members/update_where".to_owned()),
        (Method::DELETE, format!("/api/v1/chat_members/{member}")),
    ];
    for collection in ["chat_messages", "chat_reactions", "chat_events", "chat_marks"] {
        paths.push((Method::POST, format!("/api/v1/{collection}")));
        paths.push((Method::PATCH, format!("/api/v1/{collection}/{said}")));
        paths.push((Method::DELETE, format!("/api/v1/{collection}/{said}")));
    }
    for (method, path) in paths {
        for client in [&room.ann, &room.root] {
            let json = [("content-type", "application/json")];
            let reply = client.send(method.clone(), &path, &json, "{}").await;
            assert_eq!(reply.status, 405, "{method} {path}: {}", reply.text());
        }
    }
    for collection in ["chat_messages", "chat_reactions", "chat_events", "chat_members"] {
        room.ann.get(&format!("/api/v1/{collection}")).await.expect(200);
    }
    room.app.stop().await;
}

#[tokio::test]
async fn one_is_told_what_one_may_do() {
    let room = Room::arrange().await;
    let can = room.ann.get("/api/v1/auth/me").await.expect(200).at("can");
    let of = |verbs: [bool; 4]| json!({ "create": verbs[0], "read": verbs[1], "update": verbs[2], "delete": verbs[3] });
    assert_eq!(can["chats"], of([true, true, true, false]));
    assert_eq!(can["chat_members"], of([true, true, true, false]));
    for reading in ["chat_messages", "chat_reactions", "chat_events", "chat_marks"] {
        assert_eq!(can[reading], of([false, true, false, false]), "{reading}");
    }
    room.app.stop().await;
}

#[tokio::test]
async fn labels_come_in_both_languages() {
    let app = TestApp::start(&[auth_token::MODULE, chat::MODULE]).await;
    let ann = app.user("ann").await;
    let label = async |language: &str, collection: &str| {
        let path = format!("/api/v1/{collection}/schema");
        let headers = [("accept-language", language)];
        ann.send(Method::GET, &path, &headers, "").await.expect(200).at("label")
    };
    assert_eq!(label("en", "chat_members").await, "Chat members");
    assert_eq!(label("ru", "chat_members").await, "Участники чатов");
    for collection in ["chats", "chat_messages", "chat_reactions", "chat_events", "chat_marks"] {
        assert_ne!(label("en", collection).await, label("ru", collection).await, "{collection}");
    }
    app.stop().await;
}
