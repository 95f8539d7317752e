//! The chat of two: one for any two users, however often and by however many it is asked for.

use artel_testing::Client;
use futures_util::future::join_all;
use serde_json::json;

use crate::room::{CHATS, Room};

#[tokio::test]
async fn there_is_one_for_two() {
    let room = Room::arrange().await;
    let (ann, boris) = (room.user("ann").await, room.user("boris").await);
    let made = ask(&room.ann, boris).await.expect(201);
    assert_eq!(made.header("location"), format!("{CHATS}/{}", made.id()));
    assert_eq!(made.at("kind"), "direct");
    assert_eq!(ask(&room.ann, boris).await.expect(200).json(), made.json());
    assert_eq!(ask(&room.boris, ann).await.expect(200).id(), made.id());
    assert_ne!(ask(&room.clara, ann).await.expect(201).id(), made.id());
    room.clara.get(&format!("{CHATS}/{}", made.id())).await.expect(404);
    room.app.stop().await;
}

#[tokio::test]
async fn those_who_ask_at_once_get_the_same() {
    let room = Room::arrange().await;
    let (ann, boris) = (room.user("ann").await, room.user("boris").await);
    let asked = (0..8).map(|at| match at % 2 {
        0 => ask(&room.ann, boris),
        _ => ask(&room.boris, ann),
    });
    let asked = join_all(asked).await;
    assert_eq!(asked.iter().filter(|it| it.status == 201).count(), 1);
    assert!(asked.iter().all(|it| it.is_success() && it.id() == asked[0].id()));
    let direct = room.ann.get(&format!("{CHATS}?kind=direct")).await.expect(200);
    assert_eq!(direct.at("data").as_array().unwrap().len(), 1);
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_had_left_is_back() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let chat = ask(&room.ann, boris).await.expect(201).id();
    let path = format!("{CHATS}/{chat}");
    room.boris.delete(&format!("{path}/members/{boris}")).await.expect(204);
    room.boris.get(&path).await.expect(404);
    assert_eq!(ask(&room.ann, boris).await.expect(200).id(), chat);
    room.boris.get(&path).await.expect(200);
    room.app.stop().await;
}

#[tokio::test]
async fn faults_are_said() {
    let room = Room::arrange().await;
    let ann = room.user("ann").await;
    assert_eq!(ask(&room.ann, ann).await.fault(), "422 validation: /user_id own_user");
    assert_eq!(ask(&room.ann, 999_999).await.fault(), "422 validation: /user_id not_found");
    let path = format!("{CHATS}/direct");
    assert_eq!(room.ann.post(&path, json!({})).await.fault(), "422 validation: /user_id required");
    room.app.guest().post(&path, json!({ "user_id": ann })).await.expect(401);
    room.app.stop().await;
}

async fn ask(client: &Client, user: i64) -> artel_testing::Reply {
    client.post(&format!("{CHATS}/direct"), json!({ "user_id": user })).await
}
