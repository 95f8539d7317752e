//! A socket of somebody whom nothing that goes away may surprise.

use std::time::Duration;

use artel_testing::{Client, Heard, TestSocket};
use serde_json::{Value, json};
use tokio::time;

use crate::{faults::world::World, listener::WS};

/// How long a client waits for an answer before it tries elsewhere.
pub(super) const ANSWER: Duration = Duration::from_secs(3);
/// How long a client pauses before it tries again.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// A socket that is signed in.
pub(super) struct Line<'a> {
    pub(super) world: &'a World,
    socket: TestSocket,
}

/// What comes over it.
pub(super) enum Next {
    Frame(Value),
    /// Nothing, for a while.
    Silence,
    /// Nothing any more.
    Over,
}

impl<'a> Line<'a> {
    /// Opens one to a server; nothing if that does not work now.
    pub(super) async fn open(world: &'a World, client: &Client, server: usize) -> Option<Self> {
        let client = client.at(world.servers[server].address());
        let opening = async {
            let socket = client.socket(WS).protocols("artel.v1").try_open().await.ok()?;
            let mut line = Self { world, socket };
            line.wait_for("hello").await?;
            line.say(json!({ "type": "auth", "token": client.token() })).await?;
            line.wait_for("ready").await?;
            Some(line)
        };
        time::timeout(ANSWER, opening).await.ok().flatten()
    }

    async fn wait_for(&mut self, kind: &str) -> Option<()> {
        loop {
            match self.next().await {
                Next::Frame(frame) if frame["type"] == kind => return Some(()),
                Next::Frame(frame) if frame["type"] == "drain" => {}
                Next::Frame(frame) => self.world.strike(format!("{frame} instead of {kind}")),
                Next::Silence | Next::Over => return None,
            }
        }
    }

    /// Says something; nothing if that does not work now.
    pub(super) async fn say(&mut self, frame: Value) -> Option<()> {
        time::timeout(ANSWER, self.socket.say(frame)).await.ok()
    }

    /// What comes next.
    pub(super) async fn next(&mut self) -> Next {
        loop {
            match time::timeout(ANSWER, self.socket.heard()).await {
                Ok(Heard::Frame(frame)) => {
                    self.check(&frame);
                    return Next::Frame(frame);
                }
                Ok(Heard::Ping) => {}
                Ok(Heard::Closed(code)) => {
                    // Broken off, too slow, draining: come back. Everything else is a mistake.
                    if ![1005, 1006, 4408, 4503].contains(&code) {
                        self.world.strike(format!("a socket was closed with {code}"));
                    }
                    return Next::Over;
                }
                Err(_) => return Next::Silence,
            }
        }
    }

    /// What is refused for now may be; nobody here asks for what they may not.
    fn check(&self, frame: &Value) {
        let code = frame["code"].as_str();
        let is_for_now = matches!(code, None | Some("unavailable" | "rate_limited" | "not_found"));
        if frame["type"] == "error" && !is_for_now {
            self.world.strike(format!("a socket was told {frame}"));
        }
    }
}

/// How long to wait after what was refused for now.
pub(super) fn pause_after(refusal: &Value) -> Duration {
    let wanted = refusal["retry_after_ms"].as_u64().map(Duration::from_millis);
    // The servers' own wish is in seconds; the test would only last longer.
    wanted.map_or(PAUSE, |it| it.clamp(PAUSE, 4 * PAUSE))
}
