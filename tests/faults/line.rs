//! A socket of somebody whom nothing that goes away may surprise.

use std::time::Duration;

use artel_testing::{Client, Heard, TestSocket};
use serde_json::{Value, json};
use tokio::time;

use crate::world::World;

pub(super) const WS: &str = "/api/v1/ws";

/// How long a client waits for an answer before it tries elsewhere.
pub(super) const ANSWER: Duration = Duration::from_secs(3);
/// How long a client pauses before it tries again.
pub(super) const PAUSE: Duration = Duration::from_millis(50);
/// How long one thing may take, whatever goes away.
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// With these a socket ends that has broken off, was silent or too slow, or whose server ends: its
/// client comes back. Everything else is a mistake.
const COME_BACK: [u16; 5] = [1001, 1005, 1006, 4408, 4503];
/// What is refused for now, or to whoever has been sent away.
const REFUSALS: [&str; 4] = ["unavailable", "rate_limited", "not_found", "access_denied"];

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
                    if !COME_BACK.contains(&code) {
                        self.world.strike(format!("a socket was closed with {code}"));
                    }
                    return Next::Over;
                }
                Err(_) => return Next::Silence,
            }
        }
    }

    /// Nobody here asks for what they may never have.
    fn check(&self, frame: &Value) {
        let is_known = frame["code"].as_str().is_none_or(|it| REFUSALS.contains(&it));
        if frame["type"] == "error" && !is_known {
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
