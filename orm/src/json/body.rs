//! Reads the body of a request: an object, as a tree whose leaves are still raw text.
//!
//! Its own reader, because serde knows no raw numbers, and `RawValue` reads what is nested once
//! more on every level. The escapes of strings are left to `serde_json`.
//!
//! **Invariant:** what this reads, PostgreSQL and every other reader of JSON read alike: no key
//! twice, no NUL, no half of a surrogate pair, at most [`DEPTH_MAX`] levels. The time is linear
//! in the length, but for sorting the keys of an object.

use std::{borrow::Cow, str};

use crate::{Error, Leaf, Result, json::is_number};

/// An object of a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Object<'a> {
    /// Keys and values in the order in which they were sent; no key stands twice.
    pub entries: Vec<(Cow<'a, str>, Node<'a>)>,
    /// The object as it was sent.
    pub text: &'a str,
}

/// Any value of a body.
#[derive(Debug, Clone, PartialEq)]
pub enum Node<'a> {
    /// A scalar. Never [`Leaf::Nested`]: that is what [`Node::as_leaf`] makes of the others.
    Leaf(Leaf<'a>),
    /// A list, and its text as it was sent.
    Array(Vec<Self>, &'a str),
    /// An object.
    Object(Object<'a>),
}

/// How deep a body may be nested; its own braces are the first level.
const DEPTH_MAX: usize = 64;

/// Reads a whole body.
///
/// # Errors
/// `BadJson` when it is malformed, not UTF-8, no object, too deep, or has a key twice, a NUL, a
/// lone surrogate, or anything behind the object.
pub fn parse_object(bytes: &[u8]) -> Result<Object<'_>> {
    let text = str::from_utf8(bytes)
        .map_err(|fault| Error::bad_json(format!("byte {} is not UTF-8", fault.valid_up_to())))?;
    let mut reader = Reader::of(text);
    if reader.peek() != Some(b'{') {
        return Err(reader.expected("an object"));
    }
    let object = reader.object()?;
    reader.end()?;
    Ok(object)
}

/// Reads a text that may be any JSON, under the same rules.
///
/// # Errors
/// As [`parse_object`], for what is no JSON at all.
pub fn parse_node(text: &str) -> Result<Node<'_>> {
    let mut reader = Reader::of(text);
    let node = reader.node()?;
    reader.end()?;
    Ok(node)
}

impl<'a> Object<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.entries.iter().find(|(it, _)| it == key).map(|(_, node)| node)
    }
}

impl<'a> Node<'a> {
    /// As a kind of field takes it: a list or an object is one leaf, whole.
    pub fn as_leaf(&self) -> Cow<'_, Leaf<'a>> {
        match self {
            Self::Leaf(leaf) => Cow::Borrowed(leaf),
            Self::Array(_, text) => Cow::Owned(Leaf::Nested(text)),
            Self::Object(object) => Cow::Owned(Leaf::Nested(object.text)),
        }
    }
}

/// A text and how far it was read; between its methods it stands before something that is no
/// white space.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn of(text: &'a str) -> Self {
        let mut reader = Self { text, at: 0, depth: 0 };
        reader.skip_spaces();
        reader
    }

    fn node(&mut self) -> Result<Node<'a>> {
        match self.peek() {
            Some(b'{') => self.object().map(Node::Object),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(|it| Node::Leaf(Leaf::Text(it))),
            Some(b'-' | b'0'..=b'9') => self.number().map(|it| Node::Leaf(Leaf::Number(it))),
            Some(_) => self.word().map(Node::Leaf),
            None => Err(self.expected("a value")),
        }
    }

    fn object(&mut self) -> Result<Object<'a>> {
        let start = self.at;
        let mut entries = Vec::new();
        self.enter()?;
        while !self.is_closed(b'}', entries.is_empty())? {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a key in quotes"));
            }
            let key = self.string()?;
            if !self.take(b':') {
                return Err(self.expected("a colon"));
            }
            entries.push((key, self.node()?));
        }
        let text = self.leave(start);
        check_keys(&entries)?;
        Ok(Object { entries, text })
    }

    fn array(&mut self) -> Result<Node<'a>> {
        let start = self.at;
        let mut items = Vec::new();
        self.enter()?;
        while !self.is_closed(b']', items.is_empty())? {
            items.push(self.node()?);
        }
        Ok(Node::Array(items, self.leave(start)))
    }

    /// Steps over an opening bracket.
    fn enter(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Error::bad_json(format!("it is more than {DEPTH_MAX} levels deep")));
        }
        self.step(1);
        Ok(())
    }

    /// Whether the list ends here; if not, what parts its items has been stepped over.
    fn is_closed(&mut self, close: u8, is_first: bool) -> Result<bool> {
        if self.peek() == Some(close) {
            return Ok(true);
        }
        if is_first || self.take(b',') {
            return Ok(false);
        }
        Err(self.expected(if close == b'}' { "a comma or `}`" } else { "a comma or `]`" }))
    }

    /// Steps over a closing bracket; gives the text from `start` on.
    fn leave(&mut self, start: usize) -> &'a str {
        self.depth -= 1;
        let text = &self.text[start..=self.at];
        self.step(1);
        text
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        let start = self.at;
        let mut has_escapes = false;
        let mut end = start + 1;
        loop {
            match self.text.as_bytes().get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    end += 2;
                }
                Some(0..=0x1f) => return Err(at_byte("a control character in a string", end)),
                Some(_) => end += 1,
                None => return Err(at_byte("a string without its end", start)),
            }
        }
        self.step(end + 1 - start);
        if !has_escapes {
            return Ok(Cow::Borrowed(&self.text[start + 1..end]));
        }
        let text: String = serde_json::from_str(&self.text[start..=end])
            .map_err(|_| at_byte("a string with a wrong escape", start))?;
        if text.contains('\0') {
            return Err(at_byte("a string with NUL", start));
        }
        Ok(Cow::Owned(text))
    }

    fn number(&mut self) -> Result<&'a str> {
        let rest = &self.text[self.at..];
        let is_outside = |it: u8| !matches!(it, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.bytes().position(is_outside).unwrap_or(rest.len());
        let text = &rest[..length];
        if !is_number(text) {
            return Err(self.expected("a number as JSON writes it"));
        }
        self.step(length);
        Ok(text)
    }

    fn word(&mut self) -> Result<Leaf<'a>> {
        let words =
            [("null", Leaf::Null), ("true", Leaf::Bool(true)), ("false", Leaf::Bool(false))];
        let rest = &self.text[self.at..];
        let Some((word, leaf)) = words.into_iter().find(|(word, _)| rest.starts_with(word)) else {
            return Err(self.expected("a value"));
        };
        self.step(word.len());
        Ok(leaf)
    }

    fn end(&self) -> Result<()> {
        if self.at == self.text.len() { Ok(()) } else { Err(self.expected("the end")) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over a byte if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.step(1);
        }
        is_next
    }

    fn step(&mut self, length: usize) {
        self.at += length;
        self.skip_spaces();
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> Error {
        match self.text[self.at..].chars().next() {
            Some(found) => at_byte(&format!("{what} is missing, and {found:?} stands"), self.at),
            None => Error::bad_json(format!("{what} is missing, and the text ends")),
        }
    }
}

fn at_byte(found: &str, at: usize) -> Error {
    Error::bad_json(format!("{found} at byte {at}"))
}

/// Refuses a key that stands twice: of readers of JSON, some take its first value, some its last.
fn check_keys(entries: &[(Cow<'_, str>, Node<'_>)]) -> Result<()> {
    let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let shown: String = pair[0].chars().take(60).collect();
            Err(Error::bad_json(format!("the key {shown:?} stands twice in one object")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
