//! Requests of somebody who asks again, of whatever server answers, until there is an answer for good.

use artel_testing::{Client, Reply};
use http::Method;
use serde_json::Value;
use tokio::time;

use crate::{
    line::{ANSWER, PATIENCE, PAUSE},
    world::World,
};

pub(super) struct Requests<'a> {
    pub(super) world: &'a World,
    client: &'a Client,
    /// Whom it asks as long as that works.
    server: usize,
}

impl<'a> Requests<'a> {
    pub(super) fn of(world: &'a World, client: &'a Client, number: usize) -> Self {
        Self { world, client, server: number % world.servers.len() }
    }

    /// The answer, which has one of these statuses; another one is a strike.
    pub(super) async fn ask(
        &mut self,
        (method, path): (Method, &str),
        body: Option<&Value>,
        expected: &[u16],
    ) -> Reply {
        let asking = async {
            loop {
                if let Some(reply) = self.try_to_ask((&method, path), body).await
                    && ![429, 503].contains(&reply.status)
                {
                    return reply;
                }
                self.world.tally.repeat();
                self.server = (self.server + 1) % self.world.servers.len();
                time::sleep(PAUSE).await;
            }
        };
        let Ok(reply) = time::timeout(PATIENCE, asking).await else {
            panic!("{method} {path} is not answered: {}", self.world.state());
        };
        if !expected.contains(&reply.status) {
            let (status, text) = (reply.status, reply.text());
            self.world.strike(format!("{method} {path} was answered {status} {text}"));
        }
        reply
    }

    async fn try_to_ask(
        &self,
        (method, path): (&Method, &str),
        body: Option<&Value>,
    ) -> Option<Reply> {
        let client = self.client.at(self.world.servers[self.server].address());
        let json = [("content-type", "application/json")];
        let (headers, body) = match body {
            Some(body) => (&json[..], body.to_string()),
            None => (&[][..], String::new()),
        };
        let asking = client.try_send(method.clone(), path, headers, body);
        time::timeout(ANSWER, asking).await.ok()?.ok()
    }
}
