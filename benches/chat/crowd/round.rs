//! One who says something that all of the crowd hear, and how long that takes.

use std::{net::SocketAddr, time::Duration};

use tokio::time;

use crate::{
    Result,
    chat::{
        crowd::{CHANNEL, Client, Outcome, Shared},
        delays::Delays,
        delivery::name,
        socket::{Heard, Line, is},
    },
};

/// From when all have heard something to the next.
const PAUSE: Duration = Duration::from_millis(100);

/// A text as long as an event of the chat that says as much.
const LENGTH: usize = 420;

/// The one who speaks.
pub(crate) struct Speaker {
    line: Line,
    is_member: bool,
}

impl Speaker {
    /// A socket beside that of a client.
    pub(crate) async fn open(address: SocketAddr, client: &Client) -> Result<Self> {
        let line = match &client.token {
            None => Line::open(address, "/").await?,
            Some(token) => Line::sign_in(address, token)
                .await?
                .map_err(|code| format!("the speaker was closed with {code}"))?,
        };
        Ok(Self { line, is_member: client.token.is_some() })
    }

    /// Says so many things; each after all have heard the one before.
    pub(crate) async fn say(
        &mut self,
        shared: &Shared,
        messages: usize,
        outcome: &mut Outcome,
    ) -> Result<()> {
        let (mut all, mut first) = (Vec::new(), Vec::new());
        for _ in 0..messages {
            let text = self.text();
            shared.begin_round();
            self.line.say(&text).await?;
            let heard = self.heard_by_all(shared).await?;
            first.extend(heard.first().copied());
            all.extend(heard);
            time::sleep(PAUSE).await;
        }
        let (all, first) = (Delays::of(all), Delays::of(first));
        outcome.first = first.percentile(50);
        (outcome.p50, outcome.p99, outcome.worst) =
            (all.percentile(50), all.percentile(99), all.worst());
        Ok(())
    }

    fn text(&self) -> String {
        if !self.is_member {
            return "x".repeat(LENGTH);
        }
        let name = name();
        format!(
            r#"{{"type":"send","id":"1","chat_id":{CHANNEL},"client_msg_id":"{name}","body":"To all of you"}}"#
        )
    }

    /// Waits for the answer to what was said, and until everybody has heard it.
    async fn heard_by_all(&mut self, shared: &Shared) -> Result<Vec<Duration>> {
        let mut is_answered = false;
        loop {
            let moved = shared.moved.notified();
            if is_answered && let Some(heard) = shared.heard_by_all() {
                return Ok(heard);
            }
            tokio::select! {
                () = moved => {}
                heard = self.line.next(), if !is_answered => match heard? {
                    Heard::Text(text) if is(&text, "error") => return Err(text.into()),
                    Heard::Text(text) => is_answered = !self.is_member || is(&text, "ack"),
                    Heard::Over(code) => return Err(format!("the speaker was closed with {code}").into()),
                },
            }
        }
    }
}
