//! Somebody who is in none of the chats, and asks for them all the same, of whatever server answers.

use serde_json::{Value, json};
use tokio::time;

use crate::faults::{
    line::{Line, Next, PAUSE},
    world::World,
};

pub(super) struct Outsider<'a> {
    world: &'a World,
    server: usize,
    /// How often it was told that there is no such chat.
    refused: usize,
}

impl<'a> Outsider<'a> {
    pub(super) fn of(world: &'a World) -> Self {
        Self { world, server: 0, refused: 0 }
    }

    /// Listens until nobody says anything any more; how often it was refused.
    pub(super) async fn listen(mut self) -> usize {
        let world = self.world;
        let listening = async {
            loop {
                if let Some(mut line) = Line::open(world, &world.outsider, self.server).await {
                    let _ = self.ask(&mut line).await;
                }
                self.server = 1 - self.server;
                time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = listening => {}
            _ = world.closed() => {}
        }
        self.refused
    }

    /// Asks for the chats as often as it hears nothing, until the socket ends.
    async fn ask(&mut self, line: &mut Line<'_>) -> Option<()> {
        let chats = self.world.chats.iter().map(|it| (it.to_string(), json!(0)));
        let chats: serde_json::Map<_, _> = chats.collect();
        line.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await?;
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
                    line.say(json!({ "type": "subscribe", "id": "s", "chats": chats })).await?;
                }
                Next::Over => return None,
            }
        }
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
