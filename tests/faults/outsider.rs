//! Somebody who is in none of the chats, and asks for them all the same, of whatever server answers.

use http::Method;
use serde_json::{Value, json};
use tokio::time;

use crate::{
    line::{Line, Next, PAUSE},
    request::Requests,
    world::{CHATS, World},
};

pub(super) struct Outsider<'a> {
    world: &'a World,
    requests: Requests<'a>,
    server: usize,
    /// How often it was told that there is no such chat.
    refused: usize,
}

impl<'a> Outsider<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        let requests = Requests::of(world, &world.outsider, 0);
        Self { world, requests, server: 0, refused: 0 }
    }

    /// Listens until nobody says anything any more; how often it was refused.
    pub(super) async fn listen(mut self) -> usize {
        let world = self.world;
        let listening = async {
            loop {
                if let Some(mut line) = Line::open(world, &world.outsider, self.server).await {
                    let _ = self.ask(&mut line).await;
                }
                self.server = (self.server + 1) % world.servers.len();
                time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = listening => {}
            _ = world.closed() => {}
        }
        self.refused
    }

    /// Asks for the chats, and says something in one, as often as it hears nothing, until the socket
    /// ends.
    async fn ask(&mut self, line: &mut Line<'_>) -> Option<()> {
        self.subscribe_and_speak(line).await?;
        let mut is_asked = false;
        loop {
            match line.next().await {
                Next::Frame(frame) => {
                    is_asked = false;
                    self.hear(&frame);
                }
                Next::Silence if is_asked => return None,
                Next::Silence => {
                    is_asked = true;
                    self.subscribe_and_speak(line).await?;
                }
                Next::Over => return None,
            }
        }
    }

    async fn subscribe_and_speak(&mut self, line: &mut Line<'_>) -> Option<()> {
        let chats = self.world.chats.iter().map(|it| (it.to_string(), json!(0)));
        let chats: serde_json::Map<_, _> = chats.collect();
        line.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await?;
        let (chat, name) = (self.world.chats[0], "0190a5b2-0000-7000-8000-000000000001");
        let message = json!({ "body": "Let me in", "client_msg_id": name });
        let mut frame = json!({ "type": "send", "id": "m", "chat_id": chat });
        frame["body"] = message["body"].clone();
        frame["client_msg_id"] = message["client_msg_id"].clone();
        line.say(frame).await?;
        let path = format!("{CHATS}/{chat}/messages");
        self.requests.ask((Method::POST, &path), Some(&message), &[404]).await;
        Some(())
    }

    fn hear(&mut self, frame: &Value) {
        let is_harmless = match frame["type"].as_str() {
            Some("subscribed") => frame["chats"] == json!({}),
            Some("error") => {
                self.refused += usize::from(frame["code"] == "not_found");
                true
            }
            Some("drain") => true,
            _ => false,
        };
        if !is_harmless {
            self.world.strike(format!("the outsider was told {frame}"));
        }
    }
}
