//! What people write is shown as they wrote it, whatever a browser might make of it.

use serde_json::json;

use crate::{
    page::stage::{Side, Stage, close, say},
    room::CHATS,
};

const IMAGE: &str = "<img src=x onerror=\"window.hacked = 1\">";
const SCRIPT: &str = "<script>window.hacked = 1</script> <b>bold</b> {name}";

#[tokio::test]
async fn markup_is_shown_as_text_and_runs_nowhere() {
    let stage = Stage::arrange().await;
    let ann = stage.in_group(Side::Here, "ann").await;
    let path = format!("{CHATS}/{}", stage.room.group);
    stage.room.ann.patch(&path, json!({ "name": IMAGE })).await.expect(200);
    ann.sees("#chat-name", &[IMAGE]).await;
    ann.sees("#chats .name", &[IMAGE]).await;
    say(&ann, SCRIPT).await;
    ann.sees("#said .body", &[SCRIPT]).await;
    ann.sees("#chats .excerpt", &[&format!("You: {SCRIPT}")]).await;
    ann.click("#said [data-action=reply]").await;
    ann.sees("#purpose span", &[&format!("Reply: ann: {SCRIPT}")]).await;
    const NOTHING_RAN: &str =
        "return !('hacked' in window) && !document.querySelector('#room :is(img, script, b)')";
    assert_eq!(ann.run(NOTHING_RAN).await, true);
    assert_eq!(ann.complaints().await, [""; 0]);

    // Even a page that wanted to could not.
    let inline = "const it = document.createElement('div'); \
        try { it.innerHTML = '<b>'; return false } catch { return true }";
    assert_eq!(ann.run(inline).await, true);
    assert_ne!(ann.complaints().await, [""; 0], "a forbidden thing is complained of");
    close([ann]).await;
    stage.stop().await;
}
