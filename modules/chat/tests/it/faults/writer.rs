//! Somebody who says each message until it is acknowledged, by whatever server answers.

use std::time::Duration;

use artel_testing::Client;
use http::Method;
use serde_json::json;
use tokio::time;

use crate::{
    faults::{
        chance::Chance,
        line::{ANSWER, Line, Next, PAUSE, pause_after},
        world::World,
    },
    room::CHATS,
};

/// How long one message may take, whatever goes away.
const PATIENCE: Duration = Duration::from_secs(90);

/// How it is said.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Socket,
    Request,
}

pub(super) struct Writer<'a> {
    world: &'a World,
    client: &'a Client,
    number: usize,
    way: Way,
    chance: Chance,
    /// Whom it asks as long as that works.
    server: usize,
    line: Option<Line<'a>>,
}

/// What was said and acknowledged.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) writer: usize,
    /// The how-manieth of its writer.
    pub(super) at: usize,
    pub(super) chat: i64,
    pub(super) client_msg_id: String,
    pub(super) body: String,
    pub(super) seq: i64,
    pub(super) message_id: i64,
}

/// Its number in the chat, and its key.
type Acknowledged = (i64, i64);

impl<'a> Writer<'a> {
    pub(super) fn of(world: &'a World, number: usize, way: Way) -> Self {
        let chance = Chance::of(number as u64);
        let client = &world.members[number];
        Self { world, client, number, way, chance, server: number % 2, line: None }
    }

    /// Says so many messages, one after the other.
    pub(super) async fn write(mut self, count: usize) -> Vec<Said> {
        let mut said = Vec::new();
        for at in 0..count {
            let chat = self.world.chats[self.chance.below(self.world.chats.len())];
            let client_msg_id = format!("{:08x}-0000-4000-8000-{at:012x}", self.number);
            let body = format!("{} {at}", self.number);
            let message =
                Said { writer: self.number, at, chat, client_msg_id, body, seq: 0, message_id: 0 };
            let saying = time::timeout(PATIENCE, self.say(&message)).await;
            let Ok((seq, message_id)) = saying else {
                panic!("{message:?} is not acknowledged: {}", self.world.state());
            };
            self.world.tally.add();
            said.push(Said { seq, message_id, ..message });
        }
        said
    }

    async fn say(&mut self, message: &Said) -> Acknowledged {
        loop {
            let answer = match self.way {
                Way::Socket => self.over_socket(message).await,
                Way::Request => self.by_request(message).await,
            };
            if let Some(acknowledged) = answer {
                return acknowledged;
            }
            self.world.tally.repeat();
            self.server = 1 - self.server;
            time::sleep(PAUSE).await;
        }
    }

    async fn by_request(&self, message: &Said) -> Option<Acknowledged> {
        let client = self.client.at(self.world.servers[self.server].address());
        let path = format!("{CHATS}/{}/messages", message.chat);
        let body = json!({ "body": message.body, "client_msg_id": message.client_msg_id });
        let json = [("content-type", "application/json")];
        let asking = client.try_send(Method::POST, &path, &json, body.to_string());
        let reply = time::timeout(ANSWER, asking).await.ok()?.ok()?;
        match reply.status {
            200 | 201 => Some((reply.at("seq").as_i64()?, reply.id())),
            429 | 503 => None,
            _ => {
                self.world.strike(format!("a message was answered {}", reply.text()));
                None
            }
        }
    }

    async fn over_socket(&mut self, message: &Said) -> Option<Acknowledged> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => Line::open(self.world, self.client, self.server).await?,
        };
        let frame = json!({
            "type": "send", "id": message.at.to_string(), "chat_id": message.chat,
            "client_msg_id": message.client_msg_id, "body": message.body,
        });
        loop {
            line.say(frame.clone()).await?;
            match answer(&mut line, message).await? {
                Ok(acknowledged) => {
                    self.line = Some(line);
                    return Some(acknowledged);
                }
                Err(pause) => {
                    self.world.tally.repeat();
                    time::sleep(pause).await;
                }
            }
        }
    }
}

/// What is said to a message, after what is about something else; how long to wait where it was
/// refused for now, and nothing when no answer comes any more.
async fn answer(line: &mut Line<'_>, message: &Said) -> Option<Result<Acknowledged, Duration>> {
    let id = message.at.to_string();
    loop {
        let Next::Frame(frame) = line.next().await else { return None };
        if frame["id"].as_str() != Some(&*id) {
            continue;
        }
        match frame["type"].as_str() {
            Some("ack") => {
                return Some(Ok((frame["seq"].as_i64()?, frame["message_id"].as_i64()?)));
            }
            Some("error") => return Some(Err(pause_after(&frame))),
            _ => line.world.strike(format!("{frame} as the answer to a message")),
        }
    }
}
