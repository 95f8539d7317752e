//! Numbers without gaps, in the order of commits, however many write and whatever is undone.

use std::collections::BTreeMap;

use artel_core::Error;
use artel_testing::Client;
use chat::{
    Bell, Chat,
    log::{Rung, heads, read},
    message::send::{NewMessage, send},
};
use futures_util::future::join_all;
use orm::{Model, Session};
use serde_json::json;

use crate::room::{CHATS, Room};

const WRITERS: usize = 8;
const MESSAGES: usize = 50;
const CHAT_COUNT: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn many_who_write_at_once_leave_no_gap() {
    let room = Room::arrange().await;
    let (chats, clients) = arrange(&room).await;
    let mut rung = Bell::of(room.app.session().database()).subscribe();
    let write = async |writer: usize| {
        for at in 0..MESSAGES {
            let chat = chats[(writer + at) % CHAT_COUNT];
            let path = format!("{CHATS}/{chat}/messages");
            let body = json!({ "body": format!("{writer} {at}") });
            clients[writer].post(&path, body).await.expect(201);
        }
    };
    join_all((0..WRITERS).map(write)).await;

    let system = room.app.session();
    let wanted: Vec<_> = chats.iter().map(|it| (*it, 0)).collect();
    let events = read(&system, &wanted, 10_000).await.unwrap();
    let messages = WRITERS * MESSAGES;
    assert_eq!(events.len(), messages + CHAT_COUNT * WRITERS);
    for head in heads(&system, &chats).await.unwrap() {
        let of_chat = events.iter().filter(|it| it.chat_id == head.chat_id);
        let numbers: Vec<i64> = of_chat.map(|it| it.seq).collect();
        assert_eq!(numbers, (1..=head.last_seq).collect::<Vec<_>>());
    }
    for (writer, client) in clients.iter().enumerate() {
        said_in_order(client, &chats, writer).await;
    }
    // The bell has told of the end of each log, in whatever order.
    let mut told: BTreeMap<i64, i64> = BTreeMap::new();
    for _ in 0..messages {
        let Rung { chat_id, seq, .. } = rung.recv().await.unwrap();
        let last = told.entry(chat_id).or_default();
        *last = seq.max(*last);
    }
    let heads = heads(&system, &chats).await.unwrap();
    assert_eq!(told, heads.iter().map(|it| (it.chat_id, it.last_seq)).collect());
    room.app.stop().await;
}

/// What one writer said comes in the order in which they said it.
async fn said_in_order(client: &Client, chats: &[i64], writer: usize) {
    for chat in chats {
        let read = client.get(&format!("{CHATS}/{chat}/messages?limit=1000")).await.expect(200);
        let said = read.at("data");
        let own = said.as_array().unwrap().iter().filter_map(|it| {
            let (who, at) = it["body"].as_str()?.split_once(' ')?;
            (who == writer.to_string()).then(|| at.parse::<usize>().unwrap())
        });
        let own: Vec<usize> = own.collect();
        assert!(!own.is_empty() && own.is_sorted(), "{own:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_leaves_no_gap_and_rings_nobody() {
    let room = Room::arrange().await;
    let bell = Bell::of(room.app.session().database());
    let mut rung = bell.subscribe();
    let ann = session_of(&room, "ann").await;
    let said = async |at: usize| {
        let done = ann
            .transaction(async |tx| {
                let new = NewMessage { body: format!("{at}"), ..NewMessage::default() };
                send(tx, room.group, new).await?;
                if at.is_multiple_of(2) { Ok(()) } else { Err(Error::denied()) }
            })
            .await;
        assert_eq!(done.is_ok(), at.is_multiple_of(2));
    };
    join_all((0..20).map(said)).await;
    let bodies = room.ann.get(&room.path("/messages")).await.expect(200);
    let bodies: Vec<usize> =
        bodies.column("body").split(", ").map(|it| it.parse().unwrap()).collect();
    assert_eq!((bodies.len(), bodies.iter().all(|it| it.is_multiple_of(2))), (10, true));
    let numbers = room.ann.get(&room.path("/messages")).await.column("seq");
    assert_eq!(numbers, (3..=12).map(|it| it.to_string()).collect::<Vec<_>>().join(", "));
    let mut told = Vec::new();
    for _ in 0..10 {
        told.push(rung.recv().await.unwrap().seq);
    }
    told.sort_unstable();
    assert_eq!(told, (3..=12).collect::<Vec<_>>());
    assert!(rung.try_recv().is_err(), "nothing that was undone rings");
    room.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_every_sort_share_one_count() {
    let room = Room::arrange().await;
    let said = room.say(&room.boris, "Hello").await;
    let member = format!("/api/v1/chat_members/{}", room.member("boris").await["id"]);
    let clara = room.user("clara").await;
    let reactions = room.path(&format!("/messages/{said}/reactions"));
    let (path, members) = (room.path(""), room.path("/members"));
    let change = async |at: usize| {
        let ann = &room.ann;
        let done = match at % 6 {
            0 => ann.patch(&path, json!({ "name": format!("Hall {at}") })).await,
            1 => ann.patch(&member, json!({ "can_pin": at.is_multiple_of(4) })).await,
            2 => ann.post(&members, json!({ "user_id": clara })).await,
            3 => ann.delete(&format!("{members}/{clara}")).await,
            4 => room.boris.post(&reactions, json!({ "emoji": "👍" })).await,
            _ => room.send(&room.boris, json!({ "body": "Hello" })).await,
        };
        assert!(done.is_success() || (at % 6 == 3 && done.status == 404), "{}", done.text());
    };
    join_all((0..60).map(change)).await;
    let log = room.log(&room.ann, 0).await;
    let numbers: Vec<i64> =
        log.iter().map(|it| it.split(' ').next().unwrap().parse().unwrap()).collect();
    let last = room.ann.get(&path).await.expect(200).at("last_seq");
    assert_eq!(numbers, (1..=last.as_i64().unwrap()).collect::<Vec<_>>());
    assert!(log.len() > 33, "two who joined, 10 each of names, reactions and messages: {log:?}");
    room.app.stop().await;
}

#[tokio::test]
async fn whoever_waits_for_a_number_is_judged_when_they_get_it() {
    let room = Room::arrange().await;
    let boris = room.user("boris").await;
    let system = room.app.session();
    let held = system.begin().await.unwrap();
    let chat = Chat::query(&held).filter(Chat::ID.eq(room.group)).for_update().first().await;
    assert!(chat.unwrap().is_some());
    let out = "update chat_members set active = false where user_id = $1::bigint returning ''";
    held.sql(out, &[&boris.to_string()]).await.unwrap();
    let sending = room.send(&room.boris, json!({ "body": "Too late" }));
    let ending = async {
        wait_for_waiting(&system).await;
        held.commit().await.unwrap();
    };
    let (sent, ()) = futures_util::future::join(sending, ending).await;
    sent.expect(404);
    room.app.stop().await;
}

/// Until somebody waits for a lock.
async fn wait_for_waiting(system: &Session) {
    let waiting = "select count(*)::text from pg_stat_activity \
                   where datname = current_database() and wait_event_type = 'Lock'";
    for _ in 0..1_000 {
        if system.sql(waiting, &[]).await.unwrap()[0][0].as_deref() != Some("0") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("nobody waits");
}

async fn arrange(room: &Room) -> (Vec<i64>, Vec<Client>) {
    let mut clients = Vec::new();
    let mut ids = Vec::new();
    for at in 0..WRITERS {
        let login = format!("writer{at}");
        clients.push(room.app.user(&login).await);
        ids.push(room.user(&login).await);
    }
    let mut chats = Vec::new();
    for _ in 0..CHAT_COUNT {
        let body = json!({ "kind": "group", "member_ids": ids[1..] });
        chats.push(clients[0].post(CHATS, body).await.expect(201).id());
    }
    (chats, clients)
}

async fn session_of(room: &Room, login: &str) -> Session {
    crate::log::asker(room, login).await
}
