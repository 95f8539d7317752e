//! What waits to be sent over one socket: bounded in frames and in bytes.
//!
//! **Invariant:** nobody who puts something in ever waits. When it is full, what is only passing goes
//! first; if that is not enough, the socket is too slow, and everything else stays in the log.

use std::{
    collections::{BTreeSet, VecDeque},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use artel_core::http::socket::SocketText;
use tokio::sync::Notify;

/// Frames that may wait.
pub(super) const FRAMES_MAX: usize = 256;
/// Bytes that may wait.
pub(super) const BYTES_MAX: usize = 1 << 20;

/// What waits for one socket.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Frame>,
    bytes: usize,
    /// Users of whom it is to be said whether they are there: as it stands by then, so once is enough.
    looked_for: BTreeSet<i64>,
    is_over: bool,
    is_woken: bool,
}

#[derive(Debug)]
struct Frame {
    text: SocketText,
    is_passing: bool,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Next {
    Frame(SocketText),
    /// No frame, but whether this user is there.
    Presence(i64),
    /// Nothing, but whoever it is may be signed in no longer.
    Woken,
    /// More came than the peer takes: the socket ends.
    TooSlow,
}

impl Queue {
    /// Puts a frame behind the others that must not be lost.
    pub(super) fn push(&self, text: SocketText) {
        self.put(Frame { text, is_passing: false });
    }

    /// Puts a frame behind the others that is worth nothing later.
    pub(super) fn push_passing(&self, text: SocketText) {
        self.put(Frame { text, is_passing: true });
    }

    /// Has it said whether users are there, behind all frames.
    pub(super) fn look_for(&self, users: impl IntoIterator<Item = i64>) {
        let mut waiting = self.waiting();
        if !waiting.is_over {
            waiting.looked_for.extend(users);
        }
        drop(waiting);
        self.bell.notify_one();
    }

    /// Forgets of whom it was to be said whether they are there.
    pub(super) fn look_for_nobody(&self) {
        self.waiting().looked_for.clear();
    }

    /// More has come than it holds.
    pub(super) fn end(&self) {
        *self.waiting() = Waiting { is_over: true, ..Waiting::default() };
        self.bell.notify_one();
    }

    /// Has whoever waits look whether they are signed in.
    pub(super) fn wake(&self) {
        self.waiting().is_woken = true;
        self.bell.notify_one();
    }

    /// The frame that has waited longest, as soon as there is one; with `is_held` none of them.
    pub(super) async fn next(&self, is_held: bool) -> Next {
        loop {
            if let Some(next) = self.take(is_held) {
                return next;
            }
            // Whoever rang since then has left a permit.
            self.bell.notified().await;
        }
    }

    /// Puts a frame back that was taken and not sent: it is the next one again.
    pub(super) fn give_back(&self, text: SocketText) {
        let mut waiting = self.waiting();
        waiting.bytes += text.len();
        waiting.frames.push_front(Frame { text, is_passing: false });
    }

    fn take(&self, is_held: bool) -> Option<Next> {
        let mut waiting = self.waiting();
        if waiting.is_over {
            return Some(Next::TooSlow);
        }
        if mem::take(&mut waiting.is_woken) {
            return Some(Next::Woken);
        }
        if is_held {
            return None;
        }
        let Some(frame) = waiting.frames.pop_front() else {
            return waiting.looked_for.pop_first().map(Next::Presence);
        };
        waiting.bytes -= frame.text.len();
        if waiting.frames.is_empty() {
            // Thousands of sockets are idle: none keeps what it needed in a storm.
            waiting.frames = VecDeque::new();
        }
        Some(Next::Frame(frame.text))
    }

    fn put(&self, frame: Frame) {
        let mut waiting = self.waiting();
        if waiting.is_over {
            return;
        }
        if !waiting.has_room(&frame) {
            waiting.forget_passing();
        }
        if waiting.has_room(&frame) {
            waiting.bytes += frame.text.len();
            waiting.frames.push_back(frame);
        } else if !frame.is_passing {
            *waiting = Waiting { is_over: true, ..Waiting::default() };
        }
        drop(waiting);
        self.bell.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn has_room(&self, frame: &Frame) -> bool {
        self.frames.len() < FRAMES_MAX && self.bytes + frame.text.len() <= BYTES_MAX
    }

    fn forget_passing(&mut self) {
        self.frames.retain(|it| !it.is_passing);
        self.bytes = self.frames.iter().map(|it| it.text.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(queue: &Queue) -> Vec<String> {
        let mut all = Vec::new();
        while let Some(Next::Frame(text)) = queue.take(false) {
            all.push(text.to_string());
        }
        all
    }

    #[tokio::test]
    async fn frames_come_in_their_order_and_whoever_waits_is_woken() {
        let queue = Queue::default();
        let (next, ()) = tokio::join!(queue.next(false), async {
            queue.push("a".into());
            queue.push_passing("b".into());
        });
        assert!(matches!(next, Next::Frame(it) if it.to_string() == "a"));
        assert_eq!(drained(&queue), ["b"]);
    }

    #[test]
    fn what_is_passing_makes_room_for_what_is_not() {
        let queue = Queue::default();
        (0..FRAMES_MAX - 1).for_each(|it| queue.push(it.to_string().into()));
        queue.push_passing("typing".into());
        queue.push_passing("nobody hears this".into());
        queue.push("last".into());
        let all = drained(&queue);
        assert_eq!((all.len(), all.last().unwrap().as_str()), (FRAMES_MAX, "last"));
        assert!(!all.contains(&"typing".to_owned()));
    }

    #[test]
    fn one_frame_more_than_it_holds_ends_the_socket_and_gives_the_memory_back() {
        let queue = Queue::default();
        (0..=FRAMES_MAX).for_each(|it| queue.push(it.to_string().into()));
        assert!(matches!(queue.take(false), Some(Next::TooSlow)));
        queue.push("late".into());
        assert!(matches!(queue.take(false), Some(Next::TooSlow)));
        assert_eq!(queue.waiting().frames.capacity(), 0);
    }

    #[tokio::test]
    async fn what_is_held_waits_and_whoever_is_woken_looks() {
        let queue = Queue::default();
        queue.push("a".into());
        queue.wake();
        assert!(matches!(queue.next(true).await, Next::Woken));
        assert!(queue.take(true).is_none());
        assert!(matches!(queue.next(false).await, Next::Frame(_)));
    }

    #[test]
    fn so_does_a_byte_more() {
        let half = "x".repeat(BYTES_MAX / 2);
        let queue = Queue::default();
        queue.push(half.clone().into());
        queue.push(half.into());
        assert!(!queue.waiting().is_over);
        queue.push("x".into());
        assert!(queue.waiting().is_over);
    }
}
