//! Who is there is shown to those who share a chat with them, on whatever process.

use artel_testing::TestBrowser;

use crate::page::stage::{Side, Stage, close, close_after_cuts};

#[tokio::test]
async fn whoever_comes_and_goes_is_seen_to() {
    let stage = Stage::arrange().await;
    let ann = stage.in_group(Side::Here, "ann").await;
    shows(&ann, "").await;
    let boris = stage.window(Side::There, "boris").await;
    shows(&ann, "online").await;
    // Whoever is told nothing knows nothing; and is told again.
    stage.door(Side::Here).cut();
    shows(&ann, "").await;
    stage.door(Side::Here).restore();
    shows(&ann, "online").await;
    close([boris]).await;
    shows(&ann, "").await;
    close_after_cuts([ann]).await;
    stage.stop().await;
}

/// Waits until the one who is in the group, too, is said to be so.
async fn shows(window: &TestBrowser, state: &str) {
    let script = format!("return document.querySelector('#members .dot')?.ariaLabel === '{state}'");
    window.comes_true(&script).await;
}
