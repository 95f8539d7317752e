//! The other side of a chat's socket, as light as can be: thousands of them share a machine with the
//! server, and what they cost must not be what is measured.
//!
//! It believes what the server says: accept keys are not checked, and its own frames are masked with
//! zeros.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::Result;

/// How much is read at a time; nothing of it is held while a socket is idle.
const CHUNK: usize = 8 * 1024;

/// The bits of a frame's first two bytes.
const LAST: u8 = 0x80;
const KIND: u8 = 0x0f;
const MASKED: u8 = 0x80;

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// The end of a connection that nobody has closed in words.
pub(crate) const LOST: u16 = 1006;

/// A socket that is open.
pub(crate) struct Line {
    stream: TcpStream,
    /// What has come and was not looked at.
    unread: Vec<u8>,
    /// The beginning of a message that comes in several frames.
    begun: Vec<u8>,
}

/// What a socket has brought.
#[derive(Debug)]
pub(crate) enum Heard {
    Text(String),
    /// The end, and the code of it.
    Over(u16),
}

impl Line {
    /// Opens one at a path.
    pub(crate) async fn open(address: SocketAddr, path: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: artel.v1\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut line = Self { stream, unread: Vec::new(), begun: Vec::new() };
        let end = loop {
            if let Some(end) = line.unread.windows(4).position(|it| it == b"\r\n\r\n") {
                break end + 4;
            }
            if !line.more().await? {
                return Err("the connection ended in the handshake".into());
            }
        };
        let head = String::from_utf8_lossy(&line.unread[..end]).into_owned();
        line.unread.drain(..end);
        match head.split(' ').nth(1) {
            Some("101") => Ok(line),
            _ => Err(format!("no socket but {}", head.lines().next().unwrap_or_default()).into()),
        }
    }

    /// Opens one at the chat and says who it is; gives the code that it was closed with if that is
    /// refused.
    pub(crate) async fn sign_in(
        address: SocketAddr,
        token: &str,
    ) -> Result<std::result::Result<Self, u16>> {
        let mut line = Self::open(address, "/api/v1/ws").await?;
        line.say(&format!(r#"{{"type":"auth","token":"{token}"}}"#)).await?;
        loop {
            match line.next().await? {
                Heard::Text(text) if is(&text, "ready") => return Ok(Ok(line)),
                Heard::Text(_) => {}
                Heard::Over(code) => return Ok(Err(code)),
            }
        }
    }

    /// Sends a text.
    pub(crate) async fn say(&mut self, text: &str) -> Result<()> {
        self.send(TEXT, text.as_bytes()).await
    }

    /// The next text, or the end. Pings are answered. It may be dropped while it waits.
    pub(crate) async fn next(&mut self) -> Result<Heard> {
        loop {
            let Some((head, body)) = self.frame() else {
                match self.more().await {
                    Ok(true) => continue,
                    Ok(false) => return Ok(Heard::Over(LOST)),
                    Err(fault) if fault.kind() == ErrorKind::ConnectionReset => {
                        return Ok(Heard::Over(LOST));
                    }
                    Err(fault) => return Err(fault.into()),
                }
            };
            match head & KIND {
                CLOSE => {
                    let code = body.first_chunk().map_or(LOST, |it| u16::from_be_bytes(*it));
                    return Ok(Heard::Over(code));
                }
                PING => self.send(PONG, &body).await?,
                PONG => {}
                _ => {
                    self.begun.extend_from_slice(&body);
                    if head & LAST != 0 {
                        let whole = std::mem::take(&mut self.begun);
                        return Ok(Heard::Text(String::from_utf8(whole)?));
                    }
                }
            }
        }
    }

    /// Takes a whole frame out of what has come: its first byte, and what it holds.
    fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let (head, length) = (*self.unread.first()?, *self.unread.get(1)?);
        let rest = &self.unread[2..];
        let (from, length) = match length {
            126 => (4, usize::from(u16::from_be_bytes(*rest.first_chunk()?))),
            127 => (10, usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).ok()?),
            short => (2, usize::from(short)),
        };
        let body = self.unread.get(from..from + length)?.to_vec();
        self.unread.drain(..from + length);
        if self.unread.is_empty() {
            self.unread = Vec::new();
        }
        Some((head, body))
    }

    /// Reads what has come; false at the end.
    async fn more(&mut self) -> io::Result<bool> {
        loop {
            self.stream.readable().await?;
            match self.read() {
                Err(fault) if fault.kind() == ErrorKind::WouldBlock => {}
                count => return Ok(count? > 0),
            }
        }
    }

    /// Not a part of the future, which would have room for it all its life.
    fn read(&mut self) -> io::Result<usize> {
        let mut chunk = [0; CHUNK];
        let count = self.stream.try_read(&mut chunk)?;
        self.unread.extend_from_slice(&chunk[..count]);
        Ok(count)
    }

    async fn send(&mut self, kind: u8, body: &[u8]) -> Result<()> {
        let mut frame = vec![LAST | kind];
        match body.len() {
            short @ ..126 => frame.push(MASKED | u8::try_from(short)?),
            long => {
                frame.push(MASKED | 126);
                frame.extend(u16::try_from(long)?.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend_from_slice(body);
        Ok(self.stream.write_all(&frame).await?)
    }
}

/// Whether a text of the chat is of a type, which stands first in it.
pub(crate) fn is(text: &str, kind: &str) -> bool {
    let rest = text.strip_prefix(r#"{"type":""#).and_then(|it| it.strip_prefix(kind));
    rest.is_some_and(|it| it.starts_with('"'))
}

/// The chat and the number of an event; none if the text is none.
pub(crate) fn event(text: &str) -> Option<(i64, i64)> {
    let rest = text.strip_prefix(r#"{"type":"event","chat_id":"#)?;
    let (chat, rest) = rest.split_once(r#","seq":"#)?;
    let (seq, _) = rest.split_once(',')?;
    Some((chat.parse().ok()?, seq.parse().ok()?))
}
