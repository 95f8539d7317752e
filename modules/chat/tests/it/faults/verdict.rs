//! What must be true in the end, whatever went away in between.

use std::collections::{BTreeMap, BTreeSet};

use chat::log::{Event, heads, read};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use crate::faults::{reader::Known, world::World, writer::Said};

pub(super) struct Verdict {
    /// All that was acknowledged.
    pub(super) said: Vec<Said>,
    /// What each reader has of each chat.
    pub(super) readers: Vec<BTreeMap<i64, Known>>,
    /// How often the outsider was refused.
    pub(super) outsider: usize,
}

/// The log of a chat.
type Log = BTreeMap<i64, Value>;

impl Verdict {
    pub(super) async fn check(&self, world: &World) {
        let logs = logs(world).await;
        self.each_was_said_once(world).await;
        self.each_writer_stays_in_order();
        for (number, known) in self.readers.iter().enumerate() {
            for (chat, log) in &logs {
                has_heard(&known[chat], log, &format!("reader {number} of chat {chat}"));
            }
        }
        assert_eq!(world.strikes(), [""; 0], "{}", world.state());
        assert!(self.outsider > 0, "the outsider has asked, and was refused");
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
            [chat, seq, id.to_string(), it.client_msg_id.clone(), it.body.clone()]
        };
        let said: BTreeSet<[String; 5]> = self.said.iter().map(line).collect();
        assert_eq!(said.len(), self.said.len(), "something was acknowledged as something else");
        assert_eq!(found.len(), said.len(), "messages in the table, and acknowledged ones");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), said);
    }

    /// Whoever waits for an acknowledgement before they go on is heard in that order.
    fn each_writer_stays_in_order(&self) {
        let mut last: BTreeMap<(usize, i64), i64> = BTreeMap::new();
        // In the order in which each writer has said it.
        for said in &self.said {
            let before = last.insert((said.writer, said.chat), said.seq);
            assert!(before.is_none_or(|it| it < said.seq), "{said:?} came before {before:?}");
        }
    }
}

/// The logs as they stand, each without gaps.
async fn logs(world: &World) -> BTreeMap<i64, Log> {
    let system = world.base.session();
    let wanted: Vec<_> = world.chats.iter().map(|it| (*it, 0)).collect();
    let events = read(&system, &wanted, i64::MAX).await.unwrap();
    let mut logs: BTreeMap<i64, Log> = BTreeMap::new();
    for event in &events {
        let before = logs.entry(event.chat_id).or_default().insert(event.seq, frame_of(event));
        assert_eq!(before, None, "two events have one number");
    }
    for head in heads(&system, &world.chats).await.unwrap() {
        let numbers: Vec<i64> = logs[&head.chat_id].keys().copied().collect();
        assert_eq!(numbers, (1..=head.last_seq).collect::<Vec<_>>(), "chat {}", head.chat_id);
        assert_eq!(head.epoch, 1);
    }
    logs
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

/// All of a log was heard as it stands, or read where the reader had to begin anew.
#[track_caller]
fn has_heard(known: &Known, log: &Log, who: &str) {
    let numbers: Vec<i64> = known.events.keys().copied().collect();
    let expected: Vec<i64> = log.keys().copied().filter(|it| *it > known.anew_from).collect();
    assert_eq!(numbers, expected, "{who}");
    for (seq, event) in &known.events {
        assert_eq!(*event, log[seq], "{who}");
    }
    let is_read =
        |seq: i64, event: &Value| seq <= known.anew_from && event["kind"] == "message.created";
    let said: Log = log
        .iter()
        .filter(|(seq, event)| is_read(**seq, event))
        .map(|(seq, event)| (*seq, event["data"]["message"].clone()))
        .collect();
    assert_eq!(known.messages, said, "{who}, out of windows");
}

const MESSAGES: &str = "select chat_id::text, seq::text, id::text, client_msg_id::text, body \
     from chat_messages";
