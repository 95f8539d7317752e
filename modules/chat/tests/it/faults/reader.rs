//! Somebody who reads: comes back to whatever server answers and goes on where they were, drops what
//! they have seen, and reads windows when told to begin anew.

use std::{collections::BTreeMap, time::Duration};

use artel_testing::{Client, Reply};
use chat::log::catch_up::GAP_MAX;
use http::Method;
use serde_json::{Value, json};
use tokio::time;

use crate::{
    faults::{
        line::{ANSWER, Line, Next, PAUSE, pause_after},
        world::World,
    },
    room::CHATS,
};

/// How long a reader may take to hear the rest once nobody says anything any more.
const PATIENCE: Duration = Duration::from_secs(90);

pub(super) struct Reader<'a> {
    world: &'a World,
    client: &'a Client,
    number: usize,
    server: usize,
    known: BTreeMap<i64, Known>,
}

/// What a reader has of one chat.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The last event that it knows of.
    pub(super) seq: i64,
    /// What it began anew from, if it had to: of what lies before, it has messages only.
    pub(super) anew_from: i64,
    /// Events by their number, as they came.
    pub(super) events: BTreeMap<i64, Value>,
    /// Messages by their number, out of windows.
    pub(super) messages: BTreeMap<i64, Value>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(world: &'a World, number: usize) -> Self {
        let client = &world.members[number % world.members.len()];
        let known = world.chats.iter().map(|it| (*it, Known::default())).collect();
        Self { world, client, number, server: number % 2, known }
    }

    /// Reads until nobody says anything any more and all of it has come.
    pub(super) async fn read(mut self) -> BTreeMap<i64, Known> {
        let too_late = async {
            self.world.closed().await;
            time::sleep(PATIENCE).await;
        };
        let (number, world) = (self.number, self.world);
        let following = async {
            self.follow().await;
            self.known
        };
        tokio::select! {
            known = following => known,
            () = too_late => panic!("reader {number} has not heard all: {}", world.state()),
        }
    }

    async fn follow(&mut self) {
        while !self.has_all() {
            if let Some(mut line) = Line::open(self.world, self.client, self.server).await {
                let _ = self.listen(&mut line).await;
            }
            self.server = 1 - self.server;
            time::sleep(PAUSE).await;
        }
    }

    /// Listens until the socket ends, or all has come.
    async fn listen(&mut self, line: &mut Line<'_>) -> Option<()> {
        self.subscribe(line).await?;
        let mut is_asked = false;
        while !self.has_all() {
            let world = self.world;
            let next = tokio::select! {
                next = line.next() => next,
                _ = world.closed(), if world.ends().is_none() => continue,
            };
            match next {
                Next::Frame(frame) => {
                    is_asked = false;
                    self.hear(line, frame).await?;
                }
                Next::Silence if is_asked => return None,
                Next::Silence => {
                    is_asked = true;
                    line.say(json!({ "type": "ping" })).await?;
                }
                Next::Over => return None,
            }
        }
        Some(())
    }

    async fn subscribe(&self, line: &mut Line<'_>) -> Option<()> {
        let place = |it: &Known| json!({ "seq": it.seq, "epoch": 1 });
        let chats: BTreeMap<_, _> =
            self.known.iter().map(|(chat, it)| (chat.to_string(), place(it))).collect();
        line.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await
    }

    async fn hear(&mut self, line: &mut Line<'_>, frame: Value) -> Option<()> {
        match frame["type"].as_str() {
            Some("event") => self.take(frame),
            Some("reset") => self.begin_anew(&frame).await,
            Some("error") if frame["code"] == "unavailable" || frame["code"] == "rate_limited" => {
                time::sleep(pause_after(&frame)).await;
                self.subscribe(line).await?;
            }
            Some("subscribed" | "pong" | "drain") => {}
            _ => self.strike(&format!("was told {frame}")),
        }
        Some(())
    }

    fn take(&mut self, event: Value) {
        let (chat, seq) = (event["chat_id"].as_i64(), event["seq"].as_i64());
        let (Some(chat), Some(seq)) = (chat, seq) else {
            return self.strike(&format!("was told {event}"));
        };
        let Some(known) = self.known.get_mut(&chat) else {
            return self.strike(&format!("was told of a chat that it did not ask for: {event}"));
        };
        let expected = known.seq + 1;
        if seq == expected {
            known.seq = seq;
            known.events.insert(seq, event);
        } else if seq > expected {
            self.strike(&format!("was told {seq} of {chat} instead of {expected}"));
        } else if known.events.get(&seq).is_some_and(|it| *it != event) {
            self.strike(&format!("was told otherwise before: {event}"));
        }
    }

    /// Drops what it has of a chat and reads it again.
    async fn begin_anew(&mut self, reset: &Value) {
        let (chat, from) = (reset["chat_id"].as_i64(), reset["as_of_seq"].as_i64());
        let (Some(chat), Some(from)) = (chat, from) else {
            return self.strike(&format!("was told {reset}"));
        };
        let had = self.known.get(&chat).map_or(0, |it| it.seq);
        if from - had <= GAP_MAX {
            self.strike(&format!("had {had} and was told {reset} without need"));
        }
        let messages = self.window(chat, from).await;
        let known = Known { seq: from, anew_from: from, messages, events: BTreeMap::new() };
        self.known.insert(chat, known);
    }

    /// All messages of a chat up to a number.
    async fn window(&self, chat: i64, last: i64) -> BTreeMap<i64, Value> {
        let (mut messages, mut after, mut server) = (BTreeMap::new(), 0, self.server);
        loop {
            let path = format!("{CHATS}/{chat}/messages?after={after}&limit=200");
            let Some(window) = self.get(&path, server).await else {
                server = 1 - server;
                time::sleep(PAUSE).await;
                continue;
            };
            let data = window.at("data");
            for message in data.as_array().into_iter().flatten() {
                after = message["seq"].as_i64().unwrap_or(i64::MAX);
                messages.insert(after, message.clone());
            }
            if window.at("page")["has_more"] != true || after >= last {
                messages.retain(|seq, _| *seq <= last);
                return messages;
            }
        }
    }

    async fn get(&self, path: &str, server: usize) -> Option<Reply> {
        let client = self.client.at(self.world.servers[server].address());
        let asking = client.try_send(Method::GET, path, &[], "");
        let reply = time::timeout(ANSWER, asking).await.ok()?.ok()?;
        if ![200, 503].contains(&reply.status) {
            self.strike(&format!("asked {path} and was answered {}", reply.text()));
        }
        (reply.status == 200).then_some(reply)
    }

    fn has_all(&self) -> bool {
        let Some(ends) = self.world.ends() else { return false };
        ends.iter().all(|(chat, end)| self.known.get(chat).is_some_and(|it| it.seq >= *end))
    }

    fn strike(&self, what: &str) {
        self.world.strike(format!("reader {} {what}", self.number));
    }
}
