//! Catching up with a chat, for people and for those who bring events to sockets.

use std::sync::Arc;

use chat::{
    EventKind,
    log::{Head, epoch, heads, own_chats, read},
};
use orm::{Asker, Session, StatementCounter};
use serde_json::{Value, json};

use crate::room::{CHATS, Room};

#[tokio::test]
async fn events_say_what_the_rows_say_now() {
    let room = Room::arrange().await;
    let said = room.say(&room.ann, "Hello").await;
    let path = room.path(&format!("/messages/{said}"));
    room.ann.patch(&path, json!({ "body": "Bye" })).await.expect(200);
    let events = room.boris.get(&room.path("/events?after=2")).await.expect(200).json();
    assert_eq!((&events["as_of_seq"], &events["epoch"]), (&json!(4), &json!(1)));
    assert_eq!(events["page"], json!({ "has_more": false }));
    let message = room.boris.get(&room.path("/messages")).await.expect(200).at("data")[0].clone();
    for (event, kind) in [(0, "message.created"), (1, "message.edited")] {
        let event = &events["data"][event];
        assert_eq!(event["kind"], kind);
        assert_eq!(event["data"], json!({ "message": message }));
        assert!(event["at"].is_string());
    }
    room.ann.delete(&path).await.expect(204);
    let events = room.boris.get(&room.path("/events?after=2")).await.expect(200).json();
    let told = &events["data"][0]["data"]["message"];
    assert_eq!((&told["body"], told["deleted_at"].is_string()), (&json!(null), true));
    room.app.stop().await;
}

#[tokio::test]
async fn pages_of_events_join() {
    let room = Room::arrange().await;
    for _ in 0..5 {
        room.say(&room.ann, "Hello").await;
    }
    let page = async |after: i64| {
        let path = room.path(&format!("/events?after={after}&limit=3"));
        let page = room.boris.get(&path).await.expect(200);
        (page.column("seq"), page.at("page")["has_more"] == true)
    };
    assert_eq!(page(0).await, ("1, 2, 3".to_owned(), true));
    assert_eq!(page(3).await, ("4, 5, 6".to_owned(), true));
    assert_eq!(page(6).await, ("7".to_owned(), false));
    assert_eq!(page(7).await, (String::new(), false));
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_is_too_far_behind_or_ahead_begins_anew() {
    let room = Room::arrange().await;
    let reset = json!({ "reset": true, "as_of_seq": 2, "epoch": 1 });
    let events = async |after: i64| {
        room.boris.get(&room.path(&format!("/events?after={after}"))).await.expect(200).json()
    };
    assert_eq!(events(3).await, reset, "more than there is");
    let grow = "insert into chat_events (chat_id, seq, kind, at) \
                select id, n, 'chat.changed', now() from chats, generate_series(3, 600) n \
                returning ''";
    room.app.session().sql(grow, &[]).await.unwrap();
    let count = "update chats set last_seq = 600 returning ''";
    room.app.session().sql(count, &[]).await.unwrap();
    assert_eq!(events(99).await, json!({ "reset": true, "as_of_seq": 600, "epoch": 1 }));
    assert_eq!(events(100).await["data"][0]["seq"], 101);
    assert_eq!(epoch::bump(&room.app.session()).await.unwrap(), 1);
    assert_eq!(events(100).await["epoch"], 2);
    room.app.stop().await;
}

#[tokio::test]
async fn one_statement_reads_the_events_of_many_chats() {
    let room = Room::arrange().await;
    let mut chats = vec![(room.group, 0)];
    for _ in 0..3 {
        chats.push((room.ann.post(CHATS, json!({ "kind": "group" })).await.expect(201).id(), 0));
    }
    chats.push((999_999, 0));
    let system = room.app.session();
    let (before, counter) = (sent(&system), system.statements());
    let events = read(&system, &chats, 10).await.unwrap();
    assert_eq!(counter.count() - before, 1);
    let told: Vec<_> = events.iter().map(|it| (it.chat_id, it.seq)).collect();
    let of = |at: usize, seq| (chats[at].0, seq);
    assert_eq!(told, [of(0, 1), of(0, 2), of(1, 1), of(2, 1), of(3, 1)]);
    let boris = room.user("boris").await;
    let joined = &events[1];
    assert_eq!((joined.kind, joined.member), (EventKind::MemberJoined, Some(boris)));
    assert_eq!(joined.can_read, Some(true));
    let data: Value = serde_json::from_str(&joined.data).unwrap();
    assert_eq!(data["member"]["user_id"], boris);
    assert_eq!(read(&system, &[(room.group, 1)], 10).await.unwrap(), events[1..2]);
    assert_eq!(read(&system, &chats, 1).await.unwrap().len(), 4, "one of each");

    let ids: Vec<i64> = chats.iter().map(|it| it.0).collect();
    let before = counter.count();
    let heads = heads(&system, &ids).await.unwrap();
    assert_eq!(counter.count() - before, 1);
    assert_eq!(heads[0], Head { chat_id: room.group, last_seq: 2, epoch: 1, is_of_record: false });
    assert_eq!(heads.len(), 4);
    room.app.stop().await;
}

#[tokio::test]
async fn the_end_of_a_right_is_told() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let member = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    room.ann.patch(&member, json!({ "can_read": false })).await.expect(200);
    let system = room.app.session();
    let told = async |after: i64| {
        let events = read(&system, &[(room.group, after)], 10).await.unwrap();
        let last = events.last().unwrap();
        (last.kind, last.member, last.can_read)
    };
    assert_eq!(told(2).await, (EventKind::MemberChanged, Some(boris), Some(false)));
    room.ann.delete(&room.path(&format!("/members/{boris}"))).await.expect(204);
    assert_eq!(told(3).await, (EventKind::MemberLeft, Some(boris), Some(false)));
    room.app.stop().await;
}

#[tokio::test]
async fn own_chats_come_with_how_far_they_are_read() {
    let room = Room::arrange().await;
    room.say(&room.ann, "One").await;
    room.say(&room.ann, "Two").await;
    room.boris.post(&room.path("/read"), json!({ "seq": 3 })).await.expect(200);
    let boris = asker(&room, "boris").await;
    let own = own_chats(&boris).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(
        own[0].head,
        Head { chat_id: room.group, last_seq: 4, epoch: 1, is_of_record: false }
    );
    assert_eq!((own[0].read_seq, own[0].unread), (3, 1));
    let clara = asker(&room, "clara").await;
    assert_eq!(own_chats(&clara).await.unwrap(), []);
    assert_eq!(chat::visible_of(&clara, &[room.group, 7]).await.unwrap(), [0; 0]);
    assert_eq!(chat::visible_of(&boris, &[room.group, 999]).await.unwrap(), [room.group]);
    room.app.stop().await;
}

fn sent(session: &Session) -> u64 {
    StatementCounter::count(session.statements())
}

/// A session with the rights of a user, as one of their requests would have.
pub(crate) async fn asker(room: &Room, login: &str) -> Session {
    let client = room.app.user(login).await;
    let app = room.app.app();
    let who = app.authenticator().unwrap().authenticate(client.token().unwrap()).await.unwrap();
    let asker = Asker {
        access: who.access.clone(),
        id: Some(who.state.user),
        language: "en",
        now: app.clock.now(),
        statements: Arc::default(),
        host: app.clone(),
    };
    Session::new(app.database().unwrap(), asker)
}
