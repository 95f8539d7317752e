//! Somebody who runs the chats: sends the guest away and lets them in again, and renames.

use http::Method;
use serde_json::json;

use crate::{
    chance::Chance,
    request::Requests,
    world::{CHATS, World},
};

/// Messages between one thing that it does and the next.
const EVERY: usize = 40;

pub(super) struct Host<'a> {
    world: &'a World,
    requests: Requests<'a>,
    chance: Chance,
}

impl<'a> Host<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        Self { world, requests: Requests::of(world, &world.members[0], 0), chance: Chance::of(0) }
    }

    /// Goes on until so many messages were said; in the end the guest is everywhere.
    pub(super) async fn come_and_go(mut self, total: usize) {
        let mut at = EVERY;
        while at < total {
            self.world.tally.reach(at).await;
            let chat = self.world.chats[self.chance.below(self.world.chats.len())];
            match self.chance.below(4) {
                0 => self.rename(chat, at).await,
                1 => self.let_in(chat).await,
                2 => self.send_away(chat).await,
                // At once, so that whoever was away meanwhile finds both.
                _ => {
                    self.send_away(chat).await;
                    self.let_in(chat).await;
                }
            }
            at += EVERY;
        }
        self.world.tally.reach(total).await;
        for chat in &self.world.chats {
            self.let_in(*chat).await;
        }
    }

    async fn rename(&mut self, chat: i64, at: usize) {
        let (path, body) = (format!("{CHATS}/{chat}"), json!({ "name": format!("Hall {at}") }));
        self.requests.ask((Method::PATCH, &path), Some(&body), &[200]).await;
    }

    async fn let_in(&mut self, chat: i64) {
        let path = format!("{CHATS}/{chat}/members");
        let body = json!({ "user_id": self.world.guest_id });
        self.requests.ask((Method::POST, &path), Some(&body), &[200, 201]).await;
    }

    async fn send_away(&mut self, chat: i64) {
        let path = format!("{CHATS}/{chat}/members/{}", self.world.guest_id);
        self.requests.ask((Method::DELETE, &path), None, &[204, 404]).await;
    }
}
