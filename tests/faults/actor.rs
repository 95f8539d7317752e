//! Somebody who asks by requests: says something, changes it, takes it back, reacts to what others
//! said, and now and then says what nobody may.

use http::Method;
use serde_json::{Value, json};

use crate::{
    chance::Chance,
    request::Requests,
    world::{CHATS, World},
    writer::Said,
};

const SIGNS: [&str; 3] = ["👍", "🎉", "👀"];

pub(super) struct Actor<'a> {
    world: &'a World,
    requests: Requests<'a>,
    number: usize,
    chance: Chance,
    said: Vec<Said>,
}

impl<'a> Actor<'a> {
    pub(super) fn of(world: &'a World, number: usize) -> Self {
        let requests = Requests::of(world, &world.members[number], number);
        Self { world, requests, number, chance: Chance::of(number as u64), said: Vec::new() }
    }

    /// Does one thing after the other until all together have said so many.
    pub(super) async fn act(mut self, total: usize) -> Vec<Said> {
        while self.world.tally.count() < total {
            match self.chance.below(20) {
                0..=10 => self.say().await,
                11..=13 => self.edit().await,
                14..=15 => self.delete().await,
                16..=18 => self.react().await,
                _ => self.say_nothing().await,
            }
        }
        self.said
    }

    async fn say(&mut self) {
        let (at, chat) = (self.said.len(), self.chat());
        let new = Said::new((self.number, at, at), chat);
        let body = json!({ "body": new.body, "client_msg_id": new.client_msg_id });
        let path = format!("{CHATS}/{chat}/messages");
        let reply = self.requests.ask((Method::POST, &path), Some(&body), &[200, 201]).await;
        let (seq, message_id) = (reply.at("seq").as_i64(), reply.at("id").as_i64());
        let (seq, message_id) = (seq.unwrap_or_default(), message_id.unwrap_or_default());
        self.world.tally.add();
        self.world.note(chat, message_id);
        self.said.push(Said { seq, message_id, ..new });
    }

    /// Changes what it has said, if that is there still.
    async fn edit(&mut self) {
        let Some(at) = self.own() else { return };
        let said = &self.said[at];
        let body = format!("{} {} changed {}", said.writer, said.batch, self.chance.below(1_000));
        let (path, json) = (path_of(said), json!({ "body": body }));
        self.requests.ask((Method::PATCH, &path), Some(&json), &[200]).await;
        self.said[at].body = Some(body);
    }

    /// Takes back what it has said. Whoever asks again finds that it is gone.
    async fn delete(&mut self) {
        let Some(at) = self.own() else { return };
        let path = path_of(&self.said[at]);
        self.requests.ask((Method::DELETE, &path), None, &[204, 404]).await;
        self.said[at].body = None;
    }

    /// Reacts, or takes its reaction back: who asks again may have done both. The message may be gone.
    async fn react(&mut self) {
        let Some((chat, message)) = self.world.recent(self.chance.below(1_000)) else { return };
        let path = format!("{CHATS}/{chat}/messages/{message}/reactions");
        let sign = json!({ "emoji": SIGNS[self.chance.below(SIGNS.len())] });
        self.requests.ask((Method::POST, &path), Some(&sign), &[200, 404]).await;
    }

    /// Says what is refused for good.
    async fn say_nothing(&mut self) {
        let (chat, at) = (self.chat(), self.chance.below(1_000_000));
        let path = format!("{CHATS}/{chat}/messages");
        let name = format!("{:08x}-0000-4000-9000-{at:012x}", self.number);
        let bodies: [Value; 2] = [
            json!({ "body": " \n", "client_msg_id": name }),
            json!({ "body": "refused", "client_msg_id": name, "reply_to_id": i64::MAX }),
        ];
        let body = &bodies[at % bodies.len()];
        self.requests.ask((Method::POST, &path), Some(body), &[422]).await;
    }

    fn chat(&mut self) -> i64 {
        self.world.chats[self.chance.below(self.world.chats.len())]
    }

    /// One of the last things that it has said and not taken back.
    fn own(&mut self) -> Option<usize> {
        let at = self.said.len().checked_sub(1 + self.chance.below(20))?;
        self.said[at].body.is_some().then_some(at)
    }
}

fn path_of(said: &Said) -> String {
    format!("{CHATS}/{}/messages/{}", said.chat, said.message_id)
}
