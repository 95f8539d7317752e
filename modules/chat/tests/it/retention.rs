//! Old events are forgotten; what was said stays.

use artel_testing::{TestApp, TestClock};
use chat::log::retention::sweep;
use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::room::Room;

#[tokio::test]
async fn events_are_forgotten_after_their_time() {
    let clock = TestClock::at(Utc::now());
    let builder = TestApp::builder().clock(clock.clock());
    let builder = builder.setting("ARTEL_CHAT__RETENTION_DAYS", 10);
    let room = Room::of(builder.start(&[auth_token::MODULE, chat::MODULE]).await).await;
    room.say(&room.ann, "Old").await;
    clock.move_by(TimeDelta::days(9));
    let (ann, boris) = (room.app.user("ann").await, room.app.user("boris").await);
    room.say(&ann, "New").await;
    assert_eq!(sweep(room.app.app()).await.unwrap(), 0);
    clock.move_by(TimeDelta::days(2));
    assert_eq!(sweep(room.app.app()).await.unwrap(), 3);
    assert_eq!(sweep(room.app.app()).await.unwrap(), 0);

    let (ann, boris) = match clock_has_ended_sign_ins(&room, &ann).await {
        true => (room.app.user("ann").await, room.app.user("boris").await),
        false => (ann, boris),
    };
    let events = async |after: i64| {
        boris.get(&room.path(&format!("/events?after={after}"))).await.expect(200).json()
    };
    assert_eq!(events(2).await, json!({ "reset": true, "as_of_seq": 4, "epoch": 1 }));
    assert_eq!(events(3).await["data"][0]["seq"], 4);
    assert_eq!(ann.get(&room.path("/messages")).await.column("body"), "Old, New");
    room.app.stop().await;
}

#[tokio::test]
async fn what_is_left_of_a_log_has_no_holes() {
    let room = Room::arrange().await;
    // The clock of one server went ahead: the second event seems older than the first.
    let ages = "insert into chat_events (chat_id, seq, kind, at) \
                select id, n, 'chat.changed', now() - interval '1 day' * case n when 4 then 100 \
                    else 1 end from chats, generate_series(3, 2500) n returning ''";
    room.app.session().sql(ages, &[]).await.unwrap();
    assert_eq!(sweep(room.app.app()).await.unwrap(), 4);
    let left = "select min(seq)::text, count(*)::text from chat_events";
    let left = room.app.session().sql(left, &[]).await.unwrap();
    assert_eq!(left[0], [Some("5".to_owned()), Some("2496".to_owned())]);
    let all = "update chat_events set at = now() - interval '100 days' returning ''";
    room.app.session().sql(all, &[]).await.unwrap();
    assert_eq!(sweep(room.app.app()).await.unwrap(), 2496);
    room.app.stop().await;
}

async fn clock_has_ended_sign_ins(room: &Room, client: &artel_testing::Client) -> bool {
    client.get(&room.path("")).await.status == 401
}
