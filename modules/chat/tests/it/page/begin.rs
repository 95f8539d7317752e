//! Chats that begin and end while somebody looks.

use artel_testing::TestBrowser;
use serde_json::json;

use crate::page::stage::{Side, Stage, close, say};

#[tokio::test]
async fn chats_are_begun_and_people_invited() {
    let stage = Stage::arrange().await;
    let ann = stage.window(Side::Here, "ann").await;
    let clara = stage.window(Side::There, "clara").await;
    clara.sees("#no-chats", &["You are in no chat yet. Begin one."]).await;

    ann.click("#new-chat").await;
    ann.click("#picker-done").await;
    ann.sees_some("#picker-fault", "Choose somebody").await;
    ann.write("#group-name", "Plans").await;
    choose(&ann, &stage, "boris").await;
    ann.sees("#chat-name", &["Plans"]).await;
    ann.sees("#chats .name", &["Plans", "Hall"]).await;
    say(&ann, "Who else?").await;

    ann.click("#invite").await;
    choose(&ann, &stage, "clara").await;
    ann.sees("#members span:not(.dot)", &["boris", "clara"]).await;
    // Whoever is invited learns of it, and sees what was said before.
    clara.sees("#chats .name", &["Plans"]).await;
    clara.click("#chats button").await;
    clara.sees("#said .body", &["Who else?"]).await;

    clara.click("#new-chat").await;
    choose(&clara, &stage, "ann").await;
    clara.sees("#chat-name", &["ann"]).await;
    say(&clara, "Just you and me").await;
    ann.sees("#chats .name", &["clara", "Plans", "Hall"]).await;
    ann.sees("#chats .badge", &["1"]).await;
    close([ann, clara]).await;
    stage.stop().await;
}

#[tokio::test]
async fn whoever_is_removed_sees_the_chat_no_longer() {
    let stage = Stage::arrange().await;
    let boris = stage.in_group(Side::There, "boris").await;
    let member = stage.room.path(&format!("/members/{}", stage.room.user("boris").await));
    stage.room.ann.delete(&member).await.expect(204);
    boris.sees("#chats .name", &[]).await;
    boris.sees("#no-chat", &["Choose a chat"]).await;
    boris.sees("#open-chat", &[]).await;
    stage.room.invite("boris", json!({})).await.expect(201);
    boris.sees("#chats .name", &["Hall"]).await;
    close([boris]).await;
    stage.stop().await;
}

async fn choose(window: &TestBrowser, stage: &Stage, login: &str) {
    window.write("#person", login).await;
    let user = stage.room.user(login).await;
    window.click(&format!("#people [data-user=\"{user}\"]")).await;
    window.click("#picker-done").await;
    window.sees("#picker", &[]).await;
}
