//! What must be true in the end, whatever went away in between.

use std::collections::{BTreeMap, BTreeSet};

use artel_testing::in_time;
use chat::log::{Event, heads, read};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::{
    picture::Picture,
    reader::{Known, essence, read_picture},
    request::Requests,
    world::World,
    writer::Said,
};

/// Events that are read at once.
const BATCH: i64 = 2_000;

pub(super) struct Verdict {
    /// All that was acknowledged.
    pub(super) said: Vec<Said>,
    /// What each reader has of each chat.
    pub(super) readers: Vec<(String, BTreeMap<i64, Known>)>,
    /// How often the outsider was refused.
    pub(super) outsider: usize,
}

impl Verdict {
    pub(super) async fn check(&self, world: &World) {
        assert_eq!(world.strikes(), [""; 0], "{}", world.state());
        assert!(self.outsider > 0, "the outsider has asked, and was refused");
        self.each_was_said_once(world).await;
        self.each_writer_stays_in_order();
        for chat in &world.chats {
            let log = log(world, *chat).await;
            let mut requests = Requests::of(world, &world.members[0], 0);
            let truth = read_picture(&mut requests, *chat, false).await.unwrap();
            for (who, known) in &self.readers {
                has_heard(&known[chat], &log, &format!("{who} of chat {chat}"));
                let difference = known[chat].picture.difference(&truth);
                assert_eq!(difference, None, "{who} shows chat {chat} otherwise than it is");
            }
            assert_ne!(truth.difference(&Picture::default()), None, "nothing was said");
        }
        nothing_is_left_behind(world).await;
    }

    /// What was acknowledged is there, once, as the acknowledgement says; and nothing else is.
    async fn each_was_said_once(&self, world: &World) {
        let rows = world.base.session().sql(MESSAGES, &[]).await.unwrap();
        let column = |it: &Option<String>| it.clone().unwrap_or_default();
        let found: Vec<[String; 5]> = rows
            .iter()
            .map(|row| std::array::from_fn(|at| row.get(at).map(column).unwrap_or_default()))
            .collect();
        let line = |it: &Said| {
            let (chat, seq, id) = (it.chat.to_string(), it.seq.to_string(), it.message_id);
            [chat, seq, id.to_string(), it.client_msg_id.clone(), column(&it.body)]
        };
        let said: BTreeSet<[String; 5]> = self.said.iter().map(line).collect();
        assert_eq!(said.len(), self.said.len(), "something was acknowledged as something else");
        assert_eq!(found.len(), said.len(), "messages in the table, and acknowledged ones");
        let found: BTreeSet<_> = found.into_iter().collect();
        let lost: Vec<_> = said.difference(&found).collect();
        let strange: Vec<_> = found.difference(&said).collect();
        assert!(lost.is_empty() && strange.is_empty(), "said: {lost:?}, found: {strange:?}");
    }

    /// Whoever waits for an acknowledgement before they go on is heard in that order.
    fn each_writer_stays_in_order(&self) {
        let mut last: BTreeMap<(usize, i64, usize), (i64, i64)> = BTreeMap::new();
        for said in &self.said {
            let place = last.entry((said.writer, said.chat, said.batch)).or_insert((i64::MAX, 0));
            *place = (place.0.min(said.seq), place.1.max(said.seq));
        }
        for ((before, (_, end)), (behind, (begin, _))) in last.iter().zip(last.iter().skip(1)) {
            let is_one = (before.0, before.1) == (behind.0, behind.1);
            assert!(!is_one || end < begin, "{behind:?} came before {before:?}");
        }
    }
}

/// The log of a chat as it stands, without gaps.
async fn log(world: &World, chat: i64) -> BTreeMap<i64, u64> {
    let system = world.base.session();
    let (mut log, mut after) = (BTreeMap::new(), 0);
    loop {
        let events = read(&system, &[(chat, after)], BATCH).await.unwrap();
        let Some(last) = events.last() else { break };
        after = last.seq;
        for event in &events {
            let before = log.insert(event.seq, essence(&frame_of(event)));
            assert_eq!(before, None, "two events have one number");
        }
    }
    let head = heads(&system, &[chat]).await.unwrap().remove(0);
    let numbers: Vec<i64> = log.keys().copied().collect();
    assert_eq!(numbers, (1..=head.last_seq).collect::<Vec<_>>(), "chat {chat}");
    assert_eq!(head.epoch, 1);
    log
}

/// An event as it must have been told.
fn frame_of(event: &Event) -> Value {
    let data: Value = serde_json::from_str(&event.data).unwrap();
    json!({
        "type": "event", "chat_id": event.chat_id, "seq": event.seq,
        "kind": event.kind.as_str(), "at": event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": data,
    })
}

/// All of a log was heard as it stands, but for what lies before where the reader had to begin anew.
#[track_caller]
fn has_heard(known: &Known, log: &BTreeMap<i64, u64>, who: &str) {
    let numbers: Vec<i64> = known.events.keys().copied().collect();
    let expected: Vec<i64> = log.keys().copied().filter(|it| *it > known.anew_from).collect();
    assert_eq!(numbers, expected, "{who}");
    for (seq, event) in &known.events {
        assert_eq!(*event, log[seq], "{who} was told {seq} otherwise");
    }
}

/// No transaction that nobody ends, no lock that nobody needs, no notification that nobody takes;
/// nobody has panicked, and nobody has ended who was not told to.
async fn nothing_is_left_behind(world: &World) {
    let system = world.base.session();
    // Servers that have nothing to do look now and then how things are.
    for question in [OPEN_TRANSACTIONS, ADVISORY_LOCKS, NOTIFICATIONS] {
        let is_none =
            async || system.sql(question, &[]).await.unwrap()[0][0].as_deref() == Some("0");
        in_time(async { while !is_none().await {} }).await;
    }
    for server in &world.servers {
        let log = server.log();
        assert!(!log.contains("panicked"), "a server has panicked: {log}");
        assert!(server.is_running(), "a server has ended: {log}");
    }
}

const MESSAGES: &str = "select chat_id::text, seq::text, id::text, client_msg_id::text, body \
     from chat_messages";

const OPEN_TRANSACTIONS: &str = "select count(*)::text from pg_stat_activity \
     where state like 'idle in transaction%' and datname = current_database()";

const ADVISORY_LOCKS: &str = "select count(*)::text from pg_locks where locktype = 'advisory'";

const NOTIFICATIONS: &str =
    "select (case when pg_notification_queue_usage() < 0.01 then 0 else 1 end)::text";
