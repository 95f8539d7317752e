//! What goes out on a socket.

use std::sync::{Arc, atomic::Ordering};

use bytes::Bytes;
use tungstenite::protocol::frame::{
    Frame,
    coding::{Data, OpCode},
};

use crate::http::socket::{
    line::{Line, OUTGOING_PART, SocketOver},
    text::SocketText,
};

/// The one who speaks.
#[derive(Debug)]
pub struct SocketWriter {
    line: Arc<Line>,
    /// What is left of the message that is being sent.
    rest: Bytes,
    /// Whether the beginning of that message has gone out.
    has_begun: bool,
}

/// Closes a socket from anywhere.
#[derive(Debug, Clone)]
pub struct SocketCloser {
    line: Arc<Line>,
}

impl SocketWriter {
    pub(super) fn new(line: Arc<Line>) -> Self {
        Self { line, rest: Bytes::new(), has_begun: false }
    }

    /// Sends a text and waits until the connection has taken all of it. Dropped before, what is left of
    /// it goes out with the next one, before that.
    ///
    /// # Errors
    /// When the socket is over; also because the peer has taken nothing for ten seconds, which closes
    /// it with [`TOO_SLOW`](crate::http::socket::close::TOO_SLOW).
    pub async fn send(&mut self, text: impl Into<SocketText>) -> Result<(), SocketOver> {
        self.send_rest().await?;
        self.rest = text.into().0;
        self.has_begun = false;
        self.send_part().await?;
        self.send_rest().await
    }

    /// Closes the socket; the first one who does so says why. A reason has at most 123 bytes.
    pub fn close(&self, code: u16, reason: &str) {
        self.line.close(code, reason);
    }

    /// Says who is there, for the line that the end of the socket leaves in the log.
    pub fn signed_in(&self, user: i64) {
        self.line.user.store(user, Ordering::Relaxed);
    }

    async fn send_rest(&mut self) -> Result<(), SocketOver> {
        while !self.rest.is_empty() {
            self.send_part().await?;
        }
        self.line.flush().await
    }

    /// Sends one frame of the message, after all that went before it is out.
    async fn send_part(&mut self) -> Result<(), SocketOver> {
        self.line.flush().await?;
        let part = self.rest.split_to(self.rest.len().min(OUTGOING_PART));
        let kind = if self.has_begun { Data::Continue } else { Data::Text };
        self.has_begun = true;
        if self.rest.is_empty() {
            self.line.count_out();
        }
        self.line.write(Frame::message(part, OpCode::Data(kind), self.rest.is_empty()))
    }
}

impl SocketCloser {
    pub(super) fn new(line: Arc<Line>) -> Self {
        Self { line }
    }

    /// Closes the socket; the first one who does so says why. A reason has at most 123 bytes.
    pub fn close(&self, code: u16, reason: &str) {
        self.line.close(code, reason);
    }
}
