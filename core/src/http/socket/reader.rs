//! What comes in on a socket, and the signs of life in both directions.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use tokio::time::Instant;
use tungstenite::protocol::frame::Frame;

use crate::http::socket::{
    close,
    line::{Arrival, Line},
};

/// The one who listens.
#[derive(Debug)]
pub struct SocketReader {
    line: Arc<Line>,
    /// When the peer was last heard of.
    heard: Instant,
    next_ping: Instant,
}

/// What a socket has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text.
    Text(String),
    /// More than 64 KiB in one message: the socket is closed with [`close::BAD_FRAME`].
    TooLarge,
    /// Bytes that are not text: closed likewise.
    NotText,
    /// What the protocol does not allow, or no UTF-8: closed likewise.
    Bad,
    /// The peer has closed, is gone or was silent for too long, or it was closed from here.
    Closed,
}

impl SocketReader {
    pub(super) fn new(line: Arc<Line>) -> Self {
        let now = Instant::now();
        let next_ping = now + first_ping(&line);
        Self { line, heard: now, next_ping }
    }

    /// The next text, or the end. It may be dropped while it waits; nothing is lost then.
    ///
    /// Pings of the peer are answered in here, ours are sent, and a peer that is silent for too long is
    /// ended: so it has to be asked again and again, also by whoever awaits no text.
    pub async fn next(&mut self) -> Incoming {
        loop {
            // A peer that sends without a pause leaves something for others.
            tokio::task::consume_budget().await;
            if self.line.is_over() {
                return Incoming::Closed;
            }
            match self.line.read() {
                Arrival::Text(text) => {
                    self.heard = Instant::now();
                    self.line.count_in();
                    return Incoming::Text(text);
                }
                Arrival::LifeSign => {
                    self.heard = Instant::now();
                    // What does not go out now goes with the next look at the line.
                    let _ = self.line.try_flush();
                }
                Arrival::Binary => return self.refuse(Incoming::NotText, "text only"),
                Arrival::TooLarge => return self.refuse(Incoming::TooLarge, "over 64 KiB"),
                Arrival::Bad => return self.refuse(Incoming::Bad, "no frame"),
                Arrival::End => return Incoming::Closed,
                Arrival::Nothing => self.wait().await,
            }
        }
    }

    async fn wait(&mut self) {
        let silent_at = self.heard + self.line.settings.silence;
        if !self.line.readable(silent_at.min(self.next_ping)).await {
            return;
        }
        let now = Instant::now();
        if now >= silent_at {
            self.line.close(close::SILENT, "nothing was heard");
        } else if now >= self.next_ping {
            self.next_ping = now + self.line.settings.ping;
            // Where it does not fit, much is under way, and the peer is not waiting for a sign.
            let _ = self.line.write(Frame::ping(""));
        }
    }

    fn refuse(&self, what: Incoming, reason: &str) -> Incoming {
        match what {
            // Its frames can still be told apart.
            Incoming::NotText => self.line.close(close::BAD_FRAME, reason),
            _ => self.line.close_unreadable(close::BAD_FRAME, reason),
        }
        what
    }
}

/// Somewhere in the second half of the period, so that sockets that opened together do not ping
/// together ever after.
fn first_ping(line: &Line) -> std::time::Duration {
    let chance = RandomState::new().hash_one(0) % 1024;
    let half = line.settings.ping / 2;
    half + half * u32::try_from(chance).unwrap_or_default() / 1024
}
