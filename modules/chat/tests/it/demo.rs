//! Demo data: conversations of those who can sign in.

use artel_testing::TestApp;

use crate::room::CHATS;

#[tokio::test]
async fn those_of_the_demo_talk() {
    let app = TestApp::builder().demo().start(&[auth_token::MODULE, chat::MODULE]).await;
    let ann = app.user("ann").await;
    let mine = ann.get(&format!("{CHATS}/mine")).await.expect(200);
    let mut kinds: Vec<_> = mine.column("kind").split(", ").map(str::to_owned).collect();
    kinds.sort();
    assert_eq!(kinds, ["channel", "direct", "group"]);
    for chat in mine.at("data").as_array().unwrap() {
        let path = format!("{CHATS}/{}/events?limit=1000", chat["chat_id"]);
        let events = ann.get(&path).await.expect(200);
        let numbers: Vec<String> =
            (1..=chat["last_seq"].as_i64().unwrap()).map(|it| it.to_string()).collect();
        assert_eq!(events.column("seq"), numbers.join(", "));
        assert_ne!(chat["last_message"], serde_json::Value::Null);
    }
    let grace = app.user("grace").await;
    assert_eq!(grace.get(&format!("{CHATS}/mine")).await.column("name"), "News");
    app.seed_demo().await;
    app.stop().await;
}
