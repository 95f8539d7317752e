//! Somebody who says messages over a socket, several at once, each until it is acknowledged, by
//! whatever server answers.

use std::{collections::BTreeMap, time::Duration};

use artel_testing::Client;
use serde_json::{Value, json};
use tokio::time::{self, Instant};

use crate::{
    chance::Chance,
    line::{Line, Next, PATIENCE, PAUSE, pause_after},
    world::World,
};

/// Messages that are on their way at once, and how long each batch takes at least: a socket may say
/// twenty frames a second.
const AT_ONCE: usize = 8;
const PACE: Duration = Duration::from_millis(410);

pub(super) struct Writer<'a> {
    world: &'a World,
    client: &'a Client,
    number: usize,
    chance: Chance,
    /// Whom it asks as long as that works.
    server: usize,
    line: Option<Line<'a>>,
    /// When it may say more.
    next_at: Instant,
}

/// What was said and acknowledged.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) writer: usize,
    /// What is said with others at once comes in any order, and behind all that was said before.
    pub(super) batch: usize,
    pub(super) chat: i64,
    pub(super) client_msg_id: String,
    /// As it stands in the end; nothing once it was deleted.
    pub(super) body: Option<String>,
    pub(super) seq: i64,
    pub(super) message_id: i64,
}

impl Said {
    /// What somebody is about to say as the `at`th.
    pub(super) fn new((writer, batch, at): (usize, usize, usize), chat: i64) -> Self {
        let client_msg_id = format!("{writer:08x}-0000-4000-8000-{at:012x}");
        let body = Some(format!("{writer} {at}"));
        Self { writer, batch, chat, client_msg_id, body, seq: 0, message_id: 0 }
    }
}

impl<'a> Writer<'a> {
    pub(super) fn of(world: &'a World, number: usize) -> Self {
        let (chance, client) = (Chance::of(number as u64), &world.members[number]);
        let (server, next_at) = (number % world.servers.len(), Instant::now());
        Self { world, client, number, chance, server, line: None, next_at }
    }

    /// Says messages until all together have said so many.
    pub(super) async fn write(mut self, total: usize) -> Vec<Said> {
        let mut said = Vec::new();
        for batch in 0.. {
            if self.world.tally.count() >= total {
                break;
            }
            let mut new: Vec<_> = (0..AT_ONCE)
                .map(|it| {
                    let chat = self.world.chats[self.chance.below(self.world.chats.len())];
                    Said::new((self.number, batch, batch * AT_ONCE + it), chat)
                })
                .collect();
            let saying = time::timeout(PATIENCE, self.say(&mut new)).await;
            if saying.is_err() {
                panic!("{new:?} are not acknowledged: {}", self.world.state());
            }
            said.extend(new);
        }
        said
    }

    /// Says them until all are acknowledged.
    async fn say(&mut self, new: &mut [Said]) {
        let mut open: BTreeMap<String, usize> =
            new.iter().enumerate().map(|(at, it)| (it.client_msg_id.clone(), at)).collect();
        while !open.is_empty() {
            match self.try_to_say(new, &mut open).await {
                Some(pause) => time::sleep(pause).await,
                None => {
                    self.line = None;
                    self.server = (self.server + 1) % self.world.servers.len();
                    time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Says what is not acknowledged once more; how long to wait before what was refused is said
    /// again, or nothing when the socket is over.
    async fn try_to_say(
        &mut self,
        new: &mut [Said],
        open: &mut BTreeMap<String, usize>,
    ) -> Option<Duration> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => Line::open(self.world, self.client, self.server).await?,
        };
        time::sleep_until(self.next_at).await;
        self.next_at = Instant::now() + PACE;
        for (id, at) in open.iter() {
            if new.len() > open.len() {
                self.world.tally.repeat();
            }
            line.say(frame(id, &new[*at])).await?;
        }
        let mut waiting: Vec<String> = open.keys().cloned().collect();
        let mut pause = Duration::ZERO;
        while !waiting.is_empty() {
            let Next::Frame(frame) = line.next().await else { return None };
            let Some(place) = waiting.iter().position(|it| frame["id"].as_str() == Some(it)) else {
                continue;
            };
            let id = waiting.swap_remove(place);
            match frame["type"].as_str() {
                Some("ack") => {
                    let at = open.remove(&id)?;
                    self.acknowledge(&mut new[at], &frame)?;
                }
                Some("error") => pause = pause.max(pause_after(&frame)),
                _ => self.world.strike(format!("{frame} as the answer to a message")),
            }
        }
        self.line = Some(line);
        Some(pause)
    }

    fn acknowledge(&self, said: &mut Said, ack: &Value) -> Option<()> {
        (said.seq, said.message_id) = (ack["seq"].as_i64()?, ack["message_id"].as_i64()?);
        self.world.tally.add();
        self.world.note(said.chat, said.message_id);
        Some(())
    }
}

fn frame(id: &str, said: &Said) -> Value {
    json!({
        "type": "send", "id": id, "chat_id": said.chat, "client_msg_id": said.client_msg_id,
        "body": said.body,
    })
}
