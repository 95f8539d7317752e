//! What was typed and is not acknowledged yet: one message after the other, each with the name that
//! makes it the same when it is sent again.
//!
//! **Invariant:** messages stand in the order in which they were typed: the next one is sent when the
//! one before it is acknowledged or refused.

use std::{collections::VecDeque, time::Duration};

use orm::Uuid;
use serde_json::{Value, json};
use tokio::time::Instant;

/// Messages that may wait; more are not read from the input.
const WAITING_MAX: usize = 100;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) client_msg_id: Uuid,
    pub(super) chat: i64,
    pub(super) body: String,
    pub(super) reply_to: Option<i64>,
}

/// Messages that wait.
pub(super) struct Unsent {
    waiting: VecDeque<Message>,
    /// Whether the first one was sent over this socket.
    is_on_its_way: bool,
    /// When the first one is sent, at the earliest.
    not_before: Instant,
    pace: Pace,
}

/// How often the server wants to be spoken to.
struct Pace {
    /// Between two frames, in the long run.
    every: Duration,
    /// How much of it may be made up for after a silence.
    at_once: Duration,
    /// When all that was sent would have been sent at this pace.
    paid_until: Instant,
}

impl Message {
    pub(super) fn new(chat: i64, body: String, reply_to: Option<i64>) -> Self {
        Self { client_msg_id: Uuid::new_v4(), chat, body, reply_to }
    }

    /// As it is sent.
    pub(super) fn frame(&self) -> Value {
        let Self { client_msg_id, chat, body, reply_to } = self;
        let mut frame = json!({
            "type": "send", "id": client_msg_id, "chat_id": chat, "client_msg_id": client_msg_id,
            "body": body,
        });
        if let Some(id) = reply_to {
            frame["reply_to_id"] = json!(id);
        }
        frame
    }
}

impl Unsent {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let (every, at_once) = (Duration::from_millis(60), Duration::from_millis(1_200));
        let pace = Pace { every, at_once, paid_until: now };
        Self { waiting: VecDeque::new(), is_on_its_way: false, not_before: now, pace }
    }

    /// Goes by what the server says of itself, and stays a little below it.
    pub(super) fn go_by(&mut self, per_second: u64, at_once: u64) {
        let every = Duration::from_millis(1_200 / per_second.max(1));
        let at_once = u32::try_from(at_once / 2).unwrap_or_default();
        (self.pace.every, self.pace.at_once) = (every, every * at_once);
    }

    pub(super) fn add(&mut self, message: Message) {
        self.waiting.push_back(message);
    }

    pub(super) fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_MAX
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// When there is something to send.
    pub(super) fn due(&self) -> Option<Instant> {
        let is_due = !self.waiting.is_empty() && !self.is_on_its_way;
        let paced = self.pace.paid_until.checked_sub(self.pace.at_once);
        is_due.then(|| paced.map_or(self.not_before, |it| it.max(self.not_before)))
    }

    /// What is sent now.
    pub(super) fn send(&mut self, now: Instant) -> Option<Value> {
        let frame = self.waiting.front()?.frame();
        self.is_on_its_way = true;
        self.pace.paid_until = self.pace.paid_until.max(now) + self.pace.every;
        Some(frame)
    }

    /// The socket is gone: nobody knows what has become of what was sent.
    pub(super) fn lost(&mut self) {
        self.is_on_its_way = false;
    }

    /// The answer to a message has come: takes it away.
    pub(super) fn answered(&mut self, id: &str) -> Option<Message> {
        self.is_first(id).then(|| {
            self.is_on_its_way = false;
            self.waiting.pop_front()
        })?
    }

    /// It is to be sent again, after a while.
    pub(super) fn again(&mut self, id: &str, after: Duration) {
        if self.is_first(id) {
            (self.is_on_its_way, self.not_before) = (false, Instant::now() + after);
        }
    }

    pub(super) fn is_first(&self, id: &str) -> bool {
        self.waiting.front().is_some_and(|it| it.client_msg_id.to_string() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_sent_after_the_other_under_its_own_name() {
        let mut unsent = Unsent::new();
        assert_eq!(unsent.due(), None);
        for body in ["one", "two"] {
            unsent.add(Message::new(17, body.to_owned(), None));
        }
        let now = Instant::now();
        let first = unsent.send(now).unwrap();
        assert_eq!((&first["body"], unsent.due()), (&json!("one"), None));
        unsent.lost();
        assert_eq!(unsent.send(now).unwrap(), first, "the same under the same name");
        let id = first["id"].as_str().unwrap();
        assert_eq!(unsent.answered("another"), None);
        assert_eq!(unsent.answered(id).unwrap().body, "one");
        assert_eq!(unsent.answered(id), None, "the answer to the one that was sent twice");
        assert_eq!(unsent.send(now).unwrap()["body"], "two");
    }

    #[test]
    fn no_more_is_sent_than_the_server_takes() {
        let mut unsent = Unsent::new();
        unsent.go_by(20, 40);
        let start = Instant::now();
        let mut now = start;
        for _ in 0..120 {
            unsent.add(Message::new(17, "again".to_owned(), None));
            now = now.max(unsent.due().unwrap());
            let id = unsent.send(now).unwrap()["id"].as_str().unwrap().to_owned();
            unsent.answered(&id);
        }
        let took = now - start;
        assert!(took >= Duration::from_secs(5), "120 within {took:?}: 20 at once, and 20 a second");
        assert!(took <= Duration::from_secs(8), "120 within {took:?}: that is too slow");
    }
}
