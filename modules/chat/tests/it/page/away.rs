//! A window whose connection breaks off: it comes back by itself, has missed nothing and loses nothing.

use serde_json::json;

use crate::page::stage::{
    PASSWORD, Side, Stage, close_after_cuts, is_cut_off, is_live, say, sign_in,
};

const SAID: &str = "#said .body";

#[tokio::test]
async fn a_window_that_was_cut_off_catches_up() {
    let stage = Stage::arrange().await;
    let boris = stage.in_group(Side::There, "boris").await;
    stage.room.say(&stage.room.ann, "before").await;
    boris.sees(SAID, &["before"]).await;

    stage.door(Side::There).cut();
    is_cut_off(&boris).await;
    for text in ["one", "two", "three"] {
        stage.room.say(&stage.room.ann, text).await;
    }
    say(&boris, "from afar").await;
    boris.sees("#unsent .body", &["from afar"]).await;
    say(&boris, "and again").await;
    boris.sees(SAID, &["before"]).await;
    stage.door(Side::There).restore();
    // Nobody presses anything.
    boris.sees(SAID, &["before", "one", "two", "three", "from afar", "and again"]).await;
    boris.sees("#unsent li", &[]).await;
    assert_eq!(stage.room.log(&stage.room.ann, 2).await.len(), 6, "each was said once");
    close_after_cuts([boris]).await;
    stage.stop().await;
}

#[tokio::test]
async fn a_reload_loses_nothing_that_was_not_sent() {
    let stage = Stage::arrange().await;
    let boris = stage.in_group(Side::There, "boris").await;
    stage.door(Side::There).cut();
    is_cut_off(&boris).await;
    say(&boris, "from afar").await;
    boris.sees("#unsent .body", &["from afar"]).await;
    stage.door(Side::There).restore();
    boris.reload().await;
    sign_in(&boris, "boris", PASSWORD).await;
    is_live(&boris).await;
    stage.open_group(&boris).await;
    boris.sees(SAID, &["from afar"]).await;
    boris.sees("#unsent li", &[]).await;

    // As if the answer had been lost: the window believes that it is not said yet.
    let said = stage.room.boris.get(&stage.room.path("/messages")).await.expect(200).at("data");
    let name = &said[0]["client_msg_id"];
    let group = stage.room.group;
    let unsent = json!([{ "client_msg_id": name, "chat_id": group, "body": "from afar" }]);
    let key = format!("artel.chat.unsent.{}", stage.room.user("boris").await);
    boris.run(&format!("sessionStorage.setItem('{key}', '{unsent}')")).await;
    boris.reload().await;
    sign_in(&boris, "boris", PASSWORD).await;
    is_live(&boris).await;
    boris.comes_true(&format!("return sessionStorage.getItem('{key}') === '[]'")).await;
    stage.open_group(&boris).await;
    boris.sees(SAID, &["from afar"]).await;
    assert_eq!(stage.room.log(&stage.room.ann, 2).await, ["3 message.created"]);
    close_after_cuts([boris]).await;
    stage.stop().await;
}

#[tokio::test]
async fn a_window_comes_back_to_a_server_that_was_started_anew() {
    let stage = Stage::arrange().await;
    let boris = stage.in_group(Side::There, "boris").await;
    let pause = stage.begin_pause().await;
    is_cut_off(&boris).await;
    pause.room.say(&pause.room.ann, "meanwhile").await;
    let stage = pause.end_pause().await;
    // As if the network had come back: pauses may have grown by now.
    boris.run("dispatchEvent(new Event('online'))").await;
    boris.sees(SAID, &["meanwhile"]).await;
    stage.room.say(&stage.room.ann, "again").await;
    boris.sees(SAID, &["meanwhile", "again"]).await;
    close_after_cuts([boris]).await;
    stage.stop().await;
}
