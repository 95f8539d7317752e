//! As much of a protocol as it takes to tell one thing that is said from the next.

/// What is said over the connections of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Anything: what a server writes at once is one thing.
    Any,
    /// PostgreSQL: what a client wants answered is one thing, mostly a statement.
    Postgres,
    /// A WebSocket: the answer to the handshake is one thing, then each frame of the server's.
    WebSocket,
}

/// Whose words are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    Client,
    Server,
}

/// What one side of a connection says, one thing after the other.
pub(super) struct Words {
    dialect: Dialect,
    waiting: Vec<u8>,
    has_begun: bool,
}

/// How often a PostgreSQL server has said that it is ready for the next thing.
#[derive(Default)]
pub(super) struct Readiness {
    waiting: Vec<u8>,
    has_begun: bool,
}

/// What a client of PostgreSQL opens with when it would rather speak through TLS or GSSAPI: it opens
/// once more then.
const PRELUDES: [u32; 2] = [80_877_103, 80_877_104];

impl Dialect {
    pub(super) fn speaker(self) -> Speaker {
        match self {
            Self::Postgres => Speaker::Client,
            Self::Any | Self::WebSocket => Speaker::Server,
        }
    }

    pub(super) fn words(self) -> Words {
        Words { dialect: self, waiting: Vec::new(), has_begun: false }
    }
}

impl Words {
    pub(super) fn hear(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// The next thing that has come as a whole.
    pub(super) fn next(&mut self) -> Option<Vec<u8>> {
        let waiting = &*self.waiting;
        let length = match self.dialect {
            Dialect::Any => Some(waiting.len()),
            Dialect::Postgres if self.has_begun => request(waiting),
            Dialect::Postgres => number(waiting, 0),
            Dialect::WebSocket if self.has_begun => frame(waiting),
            Dialect::WebSocket => head(waiting),
        };
        let length = length.filter(|it| (1..=waiting.len()).contains(it))?;
        let is_prelude = self.dialect == Dialect::Postgres
            && number(waiting, 4)
                .is_some_and(|it| PRELUDES.iter().any(|code| *code as usize == it));
        self.has_begun |= !is_prelude;
        Some(self.waiting.drain(..length).collect())
    }
}

impl Readiness {
    pub(super) fn hear(&mut self, bytes: &[u8]) -> usize {
        self.waiting.extend_from_slice(bytes);
        // No is all that it says to a prelude, in one letter.
        if !self.has_begun && self.waiting.first() == Some(&b'N') {
            self.waiting.remove(0);
        }
        let mut count = 0;
        while let Some(length) = message(&self.waiting).filter(|it| *it <= self.waiting.len()) {
            count += usize::from(self.waiting[0] == b'Z');
            self.waiting.drain(..length);
            self.has_begun = true;
        }
        count
    }
}

/// The length of all that PostgreSQL answers as one.
fn request(bytes: &[u8]) -> Option<usize> {
    let mut end = 0;
    loop {
        let kind = bytes.get(end)?;
        end += message(&bytes[end..])?;
        if b"SQX".contains(kind) {
            return Some(end);
        }
    }
}

/// The length of a message of PostgreSQL's protocol.
fn message(bytes: &[u8]) -> Option<usize> {
    Some(1 + number(bytes, 1)?)
}

/// The length of a frame of a WebSocket's server.
fn frame(bytes: &[u8]) -> Option<usize> {
    let short = usize::from(bytes.get(1)? & 0x7f);
    let long = |bytes: &[u8]| bytes.iter().fold(0, |sum, it| (sum << 8) | usize::from(*it));
    match short {
        126 => Some(4 + long(bytes.get(2..4)?)),
        127 => Some(10 + long(bytes.get(2..10)?)),
        _ => Some(2 + short),
    }
}

/// The length of the head of an answer.
fn head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|it| it == b"\r\n\r\n").map(|at| at + 4)
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_apart_however_they_come() {
        let prelude = [0, 0, 0, 8, 4, 210, 22, 47].as_slice();
        let opening = [0, 0, 0, 10, 0, 3, 0, 0, b'u', 0].as_slice();
        let begin = [b'Q', 0, 0, 0, 10, b'B', b'E', b'G', b'I', b'N', 0].as_slice();
        let statement = [b'P', 0, 0, 0, 5, 0, b'D', 0, 0, 0, 4, b'S', 0, 0, 0, 4].as_slice();
        let said = [prelude, opening, begin, statement].concat();
        let mut words = Dialect::Postgres.words();
        let mut heard = Vec::new();
        for byte in said {
            words.hear(&[byte]);
            heard.extend(words.next());
        }
        assert_eq!(heard, [prelude, opening, begin, statement]);
    }

    #[test]
    fn readiness_is_counted_behind_a_no() {
        let said = [b'N', b'R', 0, 0, 0, 8, 0, 0, 0, 0, b'Z', 0, 0, 0, 5, b'I', b'Z', 0, 0];
        let mut readiness = Readiness::default();
        assert_eq!(said.iter().map(|it| readiness.hear(&[*it])).sum::<usize>(), 1);
        assert_eq!(readiness.hear(&[0, 5, b'I']), 1);
    }

    #[test]
    fn frames_of_every_length_are_told_apart() {
        let head = b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec();
        let frame = |start: &[u8], length: usize| [start, &vec![b'x'; length]].concat();
        let short = frame(&[0x81, 2], 2);
        let long = frame(&[0x81, 126, 1, 0], 256);
        let longer = frame(&[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0], 65_536);
        let mut words = Dialect::WebSocket.words();
        words.hear(&[&*head, &*short, &*long, &*longer, &[0x81]].concat());
        let heard: Vec<_> = std::iter::from_fn(|| words.next()).collect();
        assert_eq!(heard, [head, short, long, longer]);
    }
}
