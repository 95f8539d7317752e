//! HTTP/1.1 as far as the benchmark needs it: requests as bytes, answers with a length.

use std::{io::Read, net::TcpStream};

use crate::Result;

/// How much is read at a time.
const CHUNK: usize = 256 * 1024;

/// What a request does.
#[derive(Clone, Copy)]
pub(crate) enum Method {
    Get,
    Post,
}

/// A request as it goes over the wire.
pub(crate) fn request(method: Method, path: &str, token: Option<&str>, body: &str) -> Vec<u8> {
    let method = match method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
    if let Some(token) = token {
        text.push_str("Authorization: Bearer ");
        text.push_str(token);
        text.push_str("\r\n");
    }
    if !body.is_empty() {
        text.push_str("Content-Type: application/json\r\n");
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

/// Reads answers from a connection, one after another.
pub(crate) struct Reader {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Reader {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, buffer: vec![0; CHUNK] }
    }

    /// The connection, to ask the next thing on.
    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Reads an answer, and keeps all of it.
    pub(crate) fn whole(&mut self) -> Result<Answer> {
        let (head, mut body) = self.head()?;
        let length = length(&head)?;
        while body.len() < length {
            let count = self.more(0)?;
            body.extend_from_slice(&self.buffer[..count]);
        }
        Ok(Answer { status: status(&head)?, head, body })
    }

    /// Reads an answer, and keeps nothing but its status.
    pub(crate) fn status_only(&mut self) -> Result<u16> {
        let (head, body) = self.head()?;
        let mut missing = length(&head)?.saturating_sub(body.len());
        while missing > 0 {
            missing = missing.saturating_sub(self.more(0)?);
        }
        status(&head)
    }

    /// The head, and what has come behind it.
    fn head(&mut self) -> Result<(String, Vec<u8>)> {
        let mut filled = 0;
        loop {
            filled += self.more(filled)?;
            let read = &self.buffer[..filled];
            if let Some(end) = read.windows(4).position(|it| it == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&read[..end]).into_owned();
                return Ok((head, read[end + 4..].to_vec()));
            }
        }
    }

    fn more(&mut self, at: usize) -> Result<usize> {
        match self.stream.read(&mut self.buffer[at..])? {
            0 => Err("the server closed the connection".into()),
            count => Ok(count),
        }
    }
}

fn status(head: &str) -> Result<u16> {
    Ok(head.split(' ').nth(1).unwrap_or_default().parse()?)
}

fn length(head: &str) -> Result<usize> {
    Ok(header(head, "content-length").unwrap_or("0").parse()?)
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut pairs = head.lines().filter_map(|it| it.split_once(':'));
    pairs.find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
