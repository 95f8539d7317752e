//! The bell: rung when a change stands, and not before.

use chat::{Bell, Rung};
use orm::Session;
use serde_json::json;

use crate::room::Room;

#[tokio::test]
async fn every_change_rings_once_it_stands() {
    let room = Room::arrange().await;
    let mut rung = Bell::of(room.app.app().database().unwrap()).subscribe();
    room.say(&room.ann, "Hello").await;
    room.ann.patch(&room.path(""), json!({ "name": "Kitchen" })).await.expect(200);
    let member = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.ann.patch(&member, json!({ "can_pin": true })).await.expect(200);
    for seq in 3..=5 {
        let rung = rung.recv().await.unwrap();
        assert_eq!(rung, Rung { chat_id: room.group, seq, joined: Vec::new() });
    }
    room.send(&room.clara, json!({ "body": "Hello" })).await.expect(404);
    room.boris.get(&room.path("/messages")).await.expect(200);
    assert!(rung.try_recv().is_err());
    room.app.stop().await;
}

#[tokio::test]
async fn environments_do_not_hear_each_other() {
    let one = Room::arrange().await;
    let other = Room::arrange().await;
    let bell = |room: &Room| Bell::of(Session::database(&room.app.session()));
    let (mut here, mut there) = (bell(&one).subscribe(), bell(&other).subscribe());
    one.say(&one.ann, "Hello").await;
    assert_eq!(here.recv().await.unwrap().seq, 3);
    assert!(there.try_recv().is_err());
    one.app.stop().await;
    other.app.stop().await;
}
