//! One listener of one topic, and the box in which its messages wait for it.
//!
//! **Invariant:** a box holds a bounded number of messages: whoever reads too slowly loses them
//! and hears that, and nobody else notices.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use futures_util::{Stream, StreamExt};

use crate::pubsub::audience::Audience;

/// What a subscription hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Somebody told this.
    Message(Arc<str>),
    /// Something may have been lost since the last thing you heard: look for yourself. The first
    /// thing that every subscription hears, when it is in force.
    Gap,
}

/// Listens to one topic until it is dropped. A stream, which ends when the whole is closed.
pub struct Subscription {
    inbox: Arc<Inbox>,
    audience: Arc<Audience>,
}

impl Subscription {
    pub(super) fn new(inbox: Arc<Inbox>, audience: Arc<Audience>) -> Self {
        Self { inbox, audience }
    }

    /// Waits for the next; `None` when the whole was closed. Nothing is lost when the waiting is
    /// given up.
    pub async fn next(&mut self) -> Option<Heard> {
        StreamExt::next(self).await
    }
}

impl Stream for Subscription {
    type Item = Heard;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Heard>> {
        self.inbox.poll(cx)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.audience.leave(&self.inbox);
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("topic", &self.inbox.topic).finish_non_exhaustive()
    }
}

/// What waits to be read by one subscription.
pub(super) struct Inbox {
    pub(super) topic: Arc<str>,
    unread_max: usize,
    contents: Mutex<Contents>,
}

#[derive(Default)]
struct Contents {
    unread: VecDeque<Heard>,
    is_closed: bool,
    reader: Option<Waker>,
}

/// What became of something that was put into a box.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It will be read.
    Kept,
    /// A gap was the last thing there already.
    Known,
    /// The box was full; a gap stands for all that was in it.
    Overflown,
}

impl Inbox {
    pub(super) fn new(topic: Arc<str>, unread_max: usize) -> Self {
        Self { topic, unread_max: unread_max.max(1), contents: Mutex::default() }
    }

    /// Puts something in and wakes the reader.
    pub(super) fn put(&self, heard: Heard) -> Put {
        let mut contents = self.contents();
        if heard == Heard::Gap && contents.unread.back() == Some(&Heard::Gap) {
            return Put::Known;
        }
        let mut put = Put::Kept;
        if contents.unread.len() >= self.unread_max {
            contents.unread.clear();
            contents.unread.push_back(Heard::Gap);
            put = Put::Overflown;
        } else {
            contents.unread.push_back(heard);
        }
        let reader = contents.reader.take();
        drop(contents);
        if let Some(reader) = reader {
            reader.wake();
        }
        put
    }

    /// Nothing comes any more.
    pub(super) fn close(&self) {
        let mut contents = self.contents();
        contents.is_closed = true;
        let reader = contents.reader.take();
        drop(contents);
        if let Some(reader) = reader {
            reader.wake();
        }
    }

    fn poll(&self, cx: &Context<'_>) -> Poll<Option<Heard>> {
        let mut contents = self.contents();
        if let Some(heard) = contents.unread.pop_front() {
            return Poll::Ready(Some(heard));
        }
        if contents.is_closed {
            return Poll::Ready(None);
        }
        contents.reader = Some(cx.waker().clone());
        Poll::Pending
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_box_becomes_a_gap() {
        let inbox = Inbox::new("t".into(), 3);
        for text in ["a", "b", "c"] {
            assert_eq!(inbox.put(message(text)), Put::Kept);
        }
        assert_eq!(inbox.put(message("d")), Put::Overflown);
        assert_eq!(inbox.put(message("e")), Put::Kept);
        assert_eq!(read(&inbox), [Heard::Gap, message("e")]);
    }

    #[test]
    fn gaps_that_follow_each_other_are_one() {
        let inbox = Inbox::new("t".into(), 3);
        assert_eq!(inbox.put(Heard::Gap), Put::Kept);
        assert_eq!(inbox.put(Heard::Gap), Put::Known);
        inbox.put(message("a"));
        assert_eq!(inbox.put(Heard::Gap), Put::Kept);
        assert_eq!(inbox.put(Heard::Gap), Put::Known);
        assert_eq!(read(&inbox), [Heard::Gap, message("a"), Heard::Gap]);
    }

    #[test]
    fn a_closed_box_is_read_to_its_end() {
        let inbox = Inbox::new("t".into(), 3);
        inbox.put(message("a"));
        inbox.close();
        let cx = Context::from_waker(Waker::noop());
        assert_eq!(inbox.poll(&cx), Poll::Ready(Some(message("a"))));
        assert_eq!(inbox.poll(&cx), Poll::Ready(None));
    }

    fn message(text: &str) -> Heard {
        Heard::Message(text.into())
    }

    fn read(inbox: &Inbox) -> Vec<Heard> {
        let cx = Context::from_waker(Waker::noop());
        let next = || match inbox.poll(&cx) {
            Poll::Ready(heard) => heard,
            Poll::Pending => None,
        };
        std::iter::from_fn(next).collect()
    }
}
