//! A deleted text is nowhere: no column of any table of the database holds it.

use artel_testing::TestApp;
use serde_json::json;

use crate::room::{CHATS, Room};

const SECRET: &str = "a text that nobody else would write 8f3c";

#[tokio::test]
async fn the_text_of_a_deleted_message_is_in_no_table() {
    let room = Room::arrange().await;
    let name = "0190a5b2-0000-7000-8000-000000000001";
    let sent = room.send(&room.ann, json!({ "body": SECRET, "client_msg_id": name })).await;
    let said = sent.expect(201).id();
    let path = room.path(&format!("/messages/{said}"));
    room.boris.post(&format!("{path}/reactions"), json!({ "emoji": "👍" })).await.expect(200);
    room.ann.post(&format!("{path}/pin"), json!({ "pinned": true })).await.expect(200);
    room.ann.patch(&path, json!({ "body": format!("{SECRET}, changed") })).await.expect(200);
    // The search finds what is there.
    assert_eq!(places(&room.app).await, ["chat_messages.body"]);
    room.ann.delete(&path).await.expect(204);
    assert_eq!(places(&room.app).await, [""; 0]);
    for rest in ["/messages", "/events"] {
        let read = room.boris.get(&room.path(rest)).await.expect(200).text();
        assert!(!read.contains(SECRET), "{read}");
    }
    let mine = room.boris.get(&format!("{CHATS}/mine")).await.expect(200);
    assert_eq!(mine.at("data")[0]["last_message"], json!(null));
    room.app.stop().await;
}

/// The columns of all tables, of whatever type, that hold the text.
async fn places(app: &TestApp) -> Vec<String> {
    let session = app.session();
    let columns = "select table_name, column_name, format( \
            'select count(*)::text from %I where %I::text like ''%%'' || $1 || ''%%''', \
            table_name, column_name) \
        from information_schema.columns where table_schema = 'public' \
        order by table_name, column_name";
    let mut found = Vec::new();
    for column in session.sql(columns, &[]).await.unwrap() {
        let [table, name, question] = column.try_into().unwrap();
        // A test ends with its process: what it asks may live as long.
        let question: &'static str = question.unwrap().leak();
        let count = session.sql(question, &[SECRET]).await.unwrap();
        if count[0][0].as_deref() != Some("0") {
            found.push(format!("{}.{}", table.unwrap(), name.unwrap()));
        }
    }
    found
}
