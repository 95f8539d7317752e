//! Pieces of what was said, each with how far the log had come by then.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join;
use serde_json::{Value, json};

use crate::room::Room;

#[tokio::test]
async fn a_window_is_the_newest_or_beside_a_number() {
    let room = Room::arrange().await;
    for at in 3..=9 {
        room.say(&room.ann, &at.to_string()).await;
    }
    let window = async |query: &str| {
        let read = room.boris.get(&room.path(&format!("/messages?{query}"))).await.expect(200);
        (read.column("seq"), read.at("page")["has_more"] == true)
    };
    assert_eq!(window("limit=3").await, ("7, 8, 9".to_owned(), true));
    assert_eq!(window("limit=3&before=7").await, ("4, 5, 6".to_owned(), true));
    assert_eq!(window("limit=3&before=6").await, ("3, 4, 5".to_owned(), false));
    assert_eq!(window("limit=3&after=3").await, ("4, 5, 6".to_owned(), true));
    assert_eq!(window("limit=3&after=6").await, ("7, 8, 9".to_owned(), false));
    assert_eq!(window("after=4&before=7").await, ("5, 6".to_owned(), false));
    assert_eq!(window("limit=0").await, (String::new(), true));
    assert_eq!(window("after=9").await, (String::new(), false));
    let fault =
        async |query: &str| room.boris.get(&room.path(&format!("/messages?{query}"))).await.fault();
    assert_eq!(fault("limit=1001").await, "400 bad_parameter: limit bad_parameter");
    assert_eq!(fault("before=x").await, "400 bad_parameter: before bad_parameter");
    assert_eq!(fault("since=1").await, "400 unknown_parameter: since unknown_parameter");
    room.app.stop().await;
}

#[tokio::test]
async fn what_is_not_in_a_window_is_behind_its_number() {
    let room = Room::arrange().await;
    let is_done = AtomicBool::new(false);
    let writing = async {
        for at in 0..60 {
            let client = if at % 2 == 0 { &room.ann } else { &room.boris };
            room.say(client, &at.to_string()).await;
        }
        is_done.store(true, Ordering::Relaxed);
    };
    let reading = async {
        let mut windows = 0;
        while !is_done.load(Ordering::Relaxed) {
            let read = room.boris.get(&room.path("/messages?limit=1000")).await.expect(200).json();
            let last = read["data"].as_array().unwrap().last().map(|it| it["seq"].clone());
            let newest = last.unwrap_or_else(|| json!(2));
            assert_eq!(newest, read["as_of_seq"], "each event behind two who joined is a message");
            windows += 1;
        }
        windows
    };
    let ((), windows) = join(writing, reading).await;
    assert!(windows > 5, "{windows} windows were read meanwhile");
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_goes_on_behind_a_window_misses_nothing() {
    let room = Room::arrange().await;
    room.say(&room.ann, "Before").await;
    let window: Value = room.boris.get(&room.path("/messages")).await.expect(200).json();
    room.say(&room.ann, "Behind").await;
    room.ann.patch(&room.path(""), json!({ "name": "Kitchen" })).await.expect(200);
    let behind = room.log(&room.boris, window["as_of_seq"].as_i64().unwrap()).await;
    assert_eq!(behind, ["4 message.created", "5 chat.changed"]);
    room.app.stop().await;
}
