//! Hints: "of this one there is something newer", many of them in one message.
//!
//! A hint is a key and a value that only rises, such as a chat and the number of its last event.
//! Of each key only the highest value counts, so what is noted while a message is on its way, or
//! while the broker is away, becomes one hint. A hint may be lost and is never trusted: whoever
//! reads it looks into the tables under the rights of whoever asks.
//!
//! **Invariant:** between two messages lies at least one window, whatever is noted; the first
//! after a quiet time leaves at once, and nothing runs while there is nothing to tell.

use std::{
    collections::{HashMap, VecDeque},
    fmt::Write,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    Result,
    pubsub::{PAYLOAD_BYTES_MAX, PubSub, State, check_topic},
    task,
};

/// The longest pause before a message that could not be sent is tried again.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// How hints are gathered.
#[derive(Debug, Clone, Copy)]
pub struct HintOptions {
    /// The shortest time between two messages.
    pub window: Duration,
    /// Keys that wait to be told; a hint about one more is dropped.
    pub keys_max: usize,
}

/// Gathers the hints of this process about one topic and tells them; ends when it is dropped, and
/// what still waits is lost.
pub struct Hints {
    waiting: Arc<Waiting>,
    _sender: DropGuard,
}

struct Waiting {
    notes: Mutex<Notes>,
    keys_max: usize,
    rung: Notify,
}

/// The highest value of each key, and the keys in the order in which they came: none waits longer
/// because others are noted more often.
#[derive(Default)]
struct Notes {
    values: HashMap<i64, i64>,
    turns: VecDeque<i64>,
}

impl Hints {
    /// Tells through `pubsub`.
    ///
    /// # Errors
    /// Broken when the topic is no name.
    pub fn new(pubsub: Arc<dyn PubSub>, topic: &str, options: HintOptions) -> Result<Self> {
        check_topic(topic)?;
        let HintOptions { window, keys_max } = options;
        let waiting = Arc::new(Waiting { notes: Mutex::default(), keys_max, rung: Notify::new() });
        let ended = CancellationToken::new();
        let sender = Sender { pubsub, topic: topic.to_owned(), window, waiting: waiting.clone() };
        task::spawn("hints", ended.clone().run_until_cancelled_owned(sender.run()));
        Ok(Self { waiting, _sender: ended.drop_guard() })
    }

    /// Notes that of `key` there is something up to `value`. It waits for nobody. Never call it
    /// inside a transaction: others would look before there is something to see. Call it after
    /// the commit.
    pub fn note(&self, key: i64, value: i64) {
        let is_kept = self.waiting.notes().keep(key, value, self.waiting.keys_max);
        if is_kept {
            self.waiting.rung.notify_one();
        } else {
            metrics::counter!("artel_pubsub_hints_dropped_total").increment(1);
        }
    }
}

impl Default for HintOptions {
    fn default() -> Self {
        Self { window: Duration::from_millis(10), keys_max: 100_000 }
    }
}

/// The hints in a payload. What is none is counted and left out.
pub fn read_hints(payload: &str) -> impl Iterator<Item = (i64, i64)> {
    payload.split(',').filter_map(|text| {
        let hint = read_hint(text);
        if hint.is_none() {
            metrics::counter!("artel_pubsub_hints_garbled_total").increment(1);
        }
        hint
    })
}

fn read_hint(text: &str) -> Option<(i64, i64)> {
    let (key, value) = text.split_once(':')?;
    Some((key.parse().ok()?, value.parse().ok()?))
}

/// What tells the hints, one message a window.
struct Sender {
    pubsub: Arc<dyn PubSub>,
    topic: String,
    window: Duration,
    waiting: Arc<Waiting>,
}

impl Sender {
    async fn run(self) {
        let mut pause = self.window;
        while self.pubsub.state() != State::Closed {
            let batch = self.waiting.notes().take();
            if batch.is_empty() {
                self.waiting.rung.notified().await;
                continue;
            }
            pause = match self.pubsub.publish(&self.topic, &written(&batch)).await {
                Ok(()) => {
                    let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
                    metrics::counter!("artel_pubsub_hints_sent_total").increment(count);
                    self.window
                }
                // The log has it from whoever keeps the connection.
                Err(_) => {
                    self.waiting.notes().put_back(&batch);
                    (pause * 2).min(PAUSE_MAX)
                }
            };
            time::sleep(pause).await;
        }
    }
}

impl Waiting {
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    /// Whether there was room for it.
    fn keep(&mut self, key: i64, value: i64, keys_max: usize) -> bool {
        if let Some(known) = self.values.get_mut(&key) {
            *known = value.max(*known);
            return true;
        }
        if self.values.len() >= keys_max {
            return false;
        }
        self.values.insert(key, value);
        self.turns.push_back(key);
        true
    }

    /// As many as one message carries, the oldest first.
    fn take(&mut self) -> Vec<(i64, i64)> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while let Some(key) = self.turns.front() {
            let Some(value) = self.values.get(key) else { break };
            let hint = (*key, *value);
            // The comma before it counts too.
            bytes += length(hint) + 1;
            if bytes > PAYLOAD_BYTES_MAX {
                break;
            }
            self.turns.pop_front();
            self.values.remove(&hint.0);
            batch.push(hint);
        }
        batch
    }

    /// What could not be told is told with what has come since. There was room for it before.
    fn put_back(&mut self, batch: &[(i64, i64)]) {
        for (key, value) in batch.iter().rev() {
            let newer = self.values.get(key).copied();
            if newer.is_none() {
                self.turns.push_front(*key);
            }
            self.values.insert(*key, newer.map_or(*value, |it| it.max(*value)));
        }
    }
}

fn written(batch: &[(i64, i64)]) -> String {
    let mut text = String::new();
    for (key, value) in batch {
        let comma = if text.is_empty() { "" } else { "," };
        // Writing into a string cannot fail.
        let _ = write!(text, "{comma}{key}:{value}");
    }
    text
}

fn length((key, value): (i64, i64)) -> usize {
    digits(key) + 1 + digits(value)
}

fn digits(number: i64) -> usize {
    let count = number.unsigned_abs().checked_ilog10().unwrap_or_default() + 1;
    usize::try_from(count).unwrap_or_default() + usize::from(number < 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let batch = [(17, 412), (-1, 0), (i64::MIN, i64::MAX), (0, -9)];
        assert!(read_hints(&written(&batch)).eq(batch));
        assert_eq!(written(&batch[..2]), "17:412,-1:0");
    }

    #[test]
    fn what_is_no_hint_is_left_out() {
        let read = |payload| read_hints(payload).collect::<Vec<_>>();
        assert_eq!(read("17:412,x,18:9"), [(17, 412), (18, 9)]);
        assert_eq!(read(",17,:,1:,:1,1:2:3,a:b,1 :2,9223372036854775808:1,🦀:🦀,5:6"), [(5, 6)]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn the_length_of_a_hint_is_known_before_it_is_written() {
        for hint in [(0, 0), (9, 10), (-9, -10), (i64::MIN, i64::MAX), (99, 100)] {
            assert_eq!(length(hint), written(&[hint]).len(), "{hint:?}");
        }
    }

    #[test]
    fn a_batch_fits_into_a_message_and_the_oldest_comes_first() {
        let mut notes = Notes::default();
        for key in 0..5_000 {
            assert!(notes.keep(i64::MAX - key, i64::MAX, 5_000));
        }
        assert!(!notes.keep(1, 1, 5_000), "there is no room for one more");
        assert!(notes.keep(i64::MAX, 7, 5_000), "there is for one that is known");
        let mut seen = 0;
        loop {
            let batch = notes.take();
            let Some((first, value)) = batch.first() else { break };
            assert_eq!((*first, *value), (i64::MAX - seen, i64::MAX));
            let bytes = written(&batch).len();
            seen += i64::try_from(batch.len()).unwrap();
            let is_full = bytes > PAYLOAD_BYTES_MAX - 50;
            assert!(bytes <= PAYLOAD_BYTES_MAX && (is_full || seen == 5_000), "{bytes}");
        }
        assert_eq!(seen, 5_000);
    }

    #[test]
    fn what_is_put_back_keeps_its_turn_and_the_highest_value() {
        let mut notes = Notes::default();
        for (key, value) in [(1, 10), (2, 20), (3, 30)] {
            notes.keep(key, value, 10);
        }
        let batch = notes.take();
        for (key, value) in [(4, 40), (2, 25), (3, 5)] {
            notes.keep(key, value, 10);
        }
        notes.put_back(&batch);
        assert_eq!(notes.take(), [(1, 10), (4, 40), (2, 25), (3, 30)]);
        assert_eq!(notes.take(), []);
    }
}
