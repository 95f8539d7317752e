//! Two who talk, each on a process of their own.

use artel_testing::in_time;

use crate::page::stage::{PASSWORD, Side, Stage, close, is_live, say, sign_in};

const SAID: &str = "#said .body";
const LAST: &str = "#said li:last-child";

#[tokio::test]
async fn what_one_does_the_other_sees() {
    let stage = Stage::arrange().await;
    let ann = stage.in_group(Side::Here, "ann").await;
    let boris = stage.in_group(Side::There, "boris").await;
    ann.sees("#no-messages", &["Nothing has been said here yet."]).await;

    say(&ann, "Good morning").await;
    boris.sees(SAID, &["Good morning"]).await;
    ann.sees(SAID, &["Good morning"]).await;
    ann.sees("#unsent li", &[]).await;

    boris.write("#text", "Привет").await;
    ann.sees("#typing", &["Writing: boris…"]).await;
    boris.enter("#text").await;
    ann.sees(SAID, &["Good morning", "Привет"]).await;
    ann.sees("#typing", &[""]).await;

    boris.click(&format!("{LAST} [data-action=edit]")).await;
    boris.rewrite("#text", "Привет всем").await;
    boris.enter("#text").await;
    ann.sees(SAID, &["Good morning", "Привет всем"]).await;
    ann.sees(&format!("{LAST} .mark"), &["edited"]).await;
    // What was begun is given up.
    boris.click(&format!("{LAST} [data-action=edit]")).await;
    boris.rewrite("#text", "Нет").await;
    boris.escape("#text").await;
    boris.sees("#purpose", &[]).await;

    ann.click(&format!("{LAST} [data-action='react 👍']")).await;
    boris.sees("#said .reactions", &["👍 1"]).await;
    boris.click("#said .reactions button").await;
    ann.sees("#said .reactions", &["👍 2"]).await;
    ann.click("#said .reactions button").await;
    boris.sees("#said .reactions", &["👍 1"]).await;

    ann.click(&format!("{LAST} [data-action=reply]")).await;
    say(&ann, "And to you").await;
    boris.sees("#said blockquote", &["boris: Привет всем"]).await;

    // Who runs the group may do so, the other one may not.
    ann.click("#said li:first-child [data-action=pin]").await;
    boris.sees("#said .mark", &["pinned", "edited"]).await;
    boris.sees("#said [data-action=pin]", &[]).await;

    ann.click("#said li:first-child [data-action=delete]").await;
    boris.sees(SAID, &["The message was deleted", "Привет всем", "And to you"]).await;
    boris.sees("#said li:first-child button", &[]).await;
    close([ann, boris]).await;
    stage.stop().await;
}

#[tokio::test]
async fn what_a_window_shows_is_read_in_all_windows() {
    let stage = Stage::arrange().await;
    let boris = stage.window(Side::There, "boris").await;
    let other = stage.window(Side::Here, "boris").await;
    for text in ["one", "two"] {
        stage.room.say(&stage.room.ann, text).await;
    }
    boris.sees("#chats .badge", &["2"]).await;
    other.sees("#chats .badge", &["2"]).await;
    assert_eq!(stage.unread(&stage.room.boris).await, 2);
    assert_eq!(boris.run("return document.title").await, "(2) Chat");

    stage.open_group(&boris).await;
    boris.sees("#chats .badge", &[]).await;
    other.sees("#chats .badge", &[]).await;
    assert_eq!(stage.unread(&stage.room.boris).await, 0);
    // What comes while one looks is read at once.
    stage.room.say(&stage.room.ann, "three").await;
    boris.sees(SAID, &["one", "two", "three"]).await;
    in_time(async { while stage.unread(&stage.room.boris).await > 0 {} }).await;
    other.sees("#chats .badge", &[]).await;
    close([boris, other]).await;
    stage.stop().await;
}

#[tokio::test]
async fn a_remembered_user_is_in_again_after_a_reload() {
    let stage = Stage::arrange().await;
    let ann = stage.window(Side::Here, "ann").await;
    ann.reload().await;
    ann.sees("#sign-in-form h2", &["Sign in"]).await;
    ann.click("#remember").await;
    sign_in(&ann, "ann", PASSWORD).await;
    is_live(&ann).await;
    ann.reload().await;
    is_live(&ann).await;
    ann.sees("#me", &["ann"]).await;
    ann.click("#sign-out").await;
    ann.sees("#sign-in-form h2", &["Sign in"]).await;
    ann.reload().await;
    ann.sees("#sign-in-form h2", &["Sign in"]).await;
    const KEPT: &str = "return Object.values({...localStorage, ...sessionStorage}).join()";
    assert_eq!(ann.run(KEPT).await, "", "no token is kept where a script can read it");
    close([ann]).await;
    stage.stop().await;
}
