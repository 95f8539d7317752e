//! Coming into a chat, and leaving it.

use artel_testing::Client;
use serde_json::{Value, json};

use crate::room::{CHATS, Room};

#[tokio::test]
async fn whoever_may_invite_lets_others_in() {
    let room = Room::arrange().await;
    room.clara.get(&room.path("/messages")).await.expect(404);
    let clara = room.user("clara").await;
    let body = json!({ "user_id": clara });
    room.boris.post(&room.path("/members"), body.clone()).await.expect(403);
    let invited = room.ann.post(&room.path("/members"), body.clone()).await.expect(201);
    assert_eq!(invited.header("location"), format!("/api/v1/chat_members/{}", invited.id()));
    assert_eq!((invited.at("user_id"), invited.at("can_write")), (json!(clara), json!(true)));
    let again = room.ann.post(&room.path("/members"), body).await.expect(200);
    assert_eq!(again.json(), invited.json());
    assert_eq!(room.log(&room.clara, 2).await, ["3 member.joined"]);
    let members = room.clara.get(&room.path("/members")).await.expect(200).at("data");
    assert_eq!((members.as_array().unwrap().len(), &members[2]), (3, &invited.json()));
    room.say(&room.clara, "Hello").await;
    room.app.stop().await;
}

#[tokio::test]
async fn the_right_to_invite_can_be_given() {
    let room = Room::arrange().await;
    let path = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    let clara = room.user("clara").await;
    let body = json!({ "user_id": clara, "flags": { "can_pin": true } });
    room.ann.patch(&path, json!({ "can_invite": true })).await.expect(200);
    // What others may do is said by those who run the chat.
    room.boris.post(&room.path("/members"), body.clone()).await.expect(403);
    room.boris.post(&room.path("/members"), json!({ "user_id": clara })).await.expect(201);
    let out = room.path(&format!("/members/{clara}"));
    room.ann.delete(&out).await.expect(204);
    let invited = room.ann.post(&room.path("/members"), body).await.expect(201);
    assert_eq!((invited.at("can_pin"), invited.at("is_admin")), (json!(true), json!(false)));
    room.app.stop().await;
}

#[tokio::test]
async fn faults_of_an_invitation_are_said() {
    let room = Room::arrange().await;
    let fault = async |body| room.ann.post(&room.path("/members"), body).await.fault();
    assert_eq!(fault(json!({ "user_id": 999_999 })).await, "422 validation: /user_id not_found");
    assert_eq!(
        fault(json!({ "user_id": "x", "flags": { "can_fly": true, "can_pin": null } })).await,
        "422 validation: /user_id wrong_type, /flags/can_pin required, /flags/can_fly unknown_field"
    );
    room.app.stop().await;
}

#[tokio::test]
async fn nobody_is_invited_into_a_chat_of_two() {
    let room = Room::arrange().await;
    let (boris, clara) = (room.user("boris").await, room.user("clara").await);
    let direct = room.ann.post(&format!("{CHATS}/direct"), json!({ "user_id": boris })).await;
    let path = format!("{CHATS}/{}/members", direct.expect(201).id());
    let fault = room.ann.post(&path, json!({ "user_id": clara })).await.fault();
    assert_eq!(fault, "422 validation: /user_id direct_chat");
    room.clara.post(&path, json!({ "user_id": clara })).await.expect(404);
    room.ann.delete(&format!("{path}/{boris}")).await.expect(403);
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_leaves_is_out_and_who_comes_back_sees_what_was_said() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let out = room.path(&format!("/members/{boris}"));
    room.boris.delete(&out).await.expect(204);
    room.boris.delete(&out).await.expect(404);
    room.ann.delete(&out).await.expect(404);
    room.boris.get(&room.path("/messages")).await.expect(404);
    room.send(&room.boris, json!({ "body": "Hello" })).await.expect(404);
    room.say(&room.ann, "While you were away").await;
    room.invite("boris", json!({})).await.expect(201);
    let read = room.boris.get(&room.path("/messages")).await.expect(200).json();
    assert_eq!(read["data"][0]["body"], "While you were away");
    assert_eq!(
        room.log(&room.boris, 2).await,
        ["3 member.left", "4 message.created", "5 member.joined"]
    );
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_runs_a_chat_removes_others() {
    let room = Room::arrange().await;
    let (ann, boris) = (room.user("ann").await, room.user("boris").await);
    room.boris.delete(&room.path(&format!("/members/{ann}"))).await.expect(403);
    room.clara.delete(&room.path(&format!("/members/{boris}"))).await.expect(404);
    room.root.delete(&room.path(&format!("/members/{boris}"))).await.expect(404);
    room.ann.delete(&room.path(&format!("/members/{boris}"))).await.expect(204);
    room.ann.delete(&room.path("/members/999999")).await.expect(404);
    room.boris.get(&room.path("")).await.expect(404);
    room.app.stop().await;
}

#[tokio::test]
async fn the_last_who_runs_a_chat_names_another_before_leaving() {
    let room = Room::arrange().await;
    let (ann, boris) = (room.user("ann").await, room.user("boris").await);
    let leave = async |client: &Client, user: i64| {
        client.delete(&room.path(&format!("/members/{user}"))).await.status
    };
    assert_eq!(leave(&room.ann, ann).await, 403);
    room.ann.get(&room.path("")).await.expect(200);
    let path = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.ann.patch(&path, json!({ "is_admin": true })).await.expect(200);
    assert_eq!(leave(&room.ann, ann).await, 204);
    // And whoever is alone goes as they please.
    assert_eq!(leave(&room.boris, boris).await, 204);
    room.boris.get(&room.path("")).await.expect(404);
    room.app.stop().await;
}

#[tokio::test]
async fn each_kind_has_its_usual_rights() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let rights = async |chat: i64| {
        let path = format!("/api/v1/chat_members?chat_id={chat}&user_id={boris}");
        let member: Value = room.ann.get(&path).await.expect(200).at("data")[0].clone();
        let flags = ["is_admin", "can_read", "can_write", "can_pin", "can_invite"];
        let flags = flags.into_iter().chain(["can_delete_others"]);
        flags.filter(|it| member[it] == true).collect::<Vec<_>>().join(" ")
    };
    let make = async |body: Value| room.ann.post(CHATS, body).await.expect(201).id();
    assert_eq!(rights(room.group).await, "can_read can_write");
    let channel = make(json!({ "kind": "channel", "member_ids": [boris] })).await;
    assert_eq!(rights(channel).await, "can_read");
    let direct = room.ann.post(&format!("{CHATS}/direct"), json!({ "user_id": boris })).await;
    assert_eq!(rights(direct.expect(201).id()).await, "can_read can_write can_pin");

    let path = format!("{CHATS}/{channel}/messages");
    room.boris.post(&path, json!({ "body": "Hello" })).await.expect(403);
    room.ann.post(&path, json!({ "body": "Hello" })).await.expect(201);
    room.app.stop().await;
}
