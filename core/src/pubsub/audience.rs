//! Who in this process listens to what: each message to every subscription of its topic.
//!
//! **Invariant:** a subscription hears nothing before the gap that says that its topic is in
//! force at the broker.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::pubsub::{
    broker::{Change, Topic},
    subscription::{Heard, Inbox, Put, Subscription},
};

/// The subscriptions of one process, whatever connection serves them.
pub(super) struct Audience {
    seats: Mutex<Seats>,
    unread_max: usize,
    /// Rung when topics came or went.
    changed: Notify,
}

#[derive(Default)]
struct Seats {
    rows: HashMap<Topic, Row>,
    is_closed: bool,
}

/// All who listen to one topic.
#[derive(Default)]
struct Row {
    inboxes: Vec<Arc<Inbox>>,
    is_in_force: bool,
}

/// Why something may have been lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Listening has begun.
    Subscribed,
    /// The connection was lost.
    Disconnected,
    /// A heartbeat was not heard in time.
    Heartbeat,
    /// There is a connection again.
    Reconnected,
    /// Whoever listens has not read what was there.
    Overflow,
}

impl Audience {
    pub(super) fn new(unread_max: usize) -> Self {
        Self { seats: Mutex::default(), unread_max, changed: Notify::new() }
    }

    /// Takes one more; in a topic that is in force, it may begin at once.
    pub(super) fn join(self: &Arc<Self>, topic: &str) -> Subscription {
        let topic: Topic = topic.into();
        let inbox = Arc::new(Inbox::new(topic.clone(), self.unread_max));
        let mut seats = self.seats();
        if seats.is_closed {
            inbox.close();
        } else {
            let row = seats.rows.entry(topic).or_default();
            if row.is_in_force {
                put_gap(&inbox, Reason::Subscribed);
            }
            if row.inboxes.is_empty() {
                self.changed.notify_one();
            }
            row.inboxes.push(inbox.clone());
        }
        drop(seats);
        Subscription::new(inbox, self.clone())
    }

    pub(super) fn leave(&self, inbox: &Arc<Inbox>) {
        let mut seats = self.seats();
        let Some(row) = seats.rows.get_mut(&inbox.topic) else { return };
        row.inboxes.retain(|it| !Arc::ptr_eq(it, inbox));
        if row.inboxes.is_empty() {
            seats.rows.remove(&inbox.topic);
            self.changed.notify_one();
        }
    }

    /// Waits until topics have come or gone since this was last waited for.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// What the broker has to be told, which was `asked` for these topics before.
    pub(super) fn change_from(&self, asked: &HashSet<Topic>) -> Change {
        let seats = self.seats();
        let rows = &seats.rows;
        Change {
            listen: rows
                .iter()
                .filter(|(_, row)| !row.is_in_force)
                .map(|(topic, _)| topic.clone())
                .collect(),
            unlisten: asked.iter().filter(|it| !rows.contains_key(*it)).cloned().collect(),
        }
    }

    /// These topics are in force from now on.
    pub(super) fn begin(&self, topics: &[Topic], reason: Reason) {
        let mut seats = self.seats();
        for topic in topics {
            let Some(row) = seats.rows.get_mut(topic) else { continue };
            row.is_in_force = true;
            row.inboxes.iter().for_each(|it| put_gap(it, reason));
        }
    }

    /// No topic is in force any more. Whoever waits for its first gap waits on.
    pub(super) fn interrupt(&self, reason: Reason) {
        for row in self.seats().rows.values_mut().filter(|it| it.is_in_force) {
            row.is_in_force = false;
            row.inboxes.iter().for_each(|it| put_gap(it, reason));
        }
    }

    /// Hands a message to all who listen.
    pub(super) fn tell(&self, topic: &str, payload: &str) {
        let seats = self.seats();
        let Some(row) = seats.rows.get(topic).filter(|it| it.is_in_force) else { return };
        let payload: Arc<str> = payload.into();
        for inbox in &row.inboxes {
            if inbox.put(Heard::Message(payload.clone())) == Put::Overflown {
                Reason::Overflow.count();
            }
        }
    }

    /// Ends every subscription, and each that is still to come.
    pub(super) fn close(&self) {
        let mut seats = self.seats();
        seats.is_closed = true;
        let rows = seats.rows.drain();
        rows.flat_map(|(_, row)| row.inboxes).for_each(|it| it.close());
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn put_gap(inbox: &Inbox, reason: Reason) {
    if inbox.put(Heard::Gap) != Put::Known {
        reason.count();
    }
}

impl Reason {
    /// The labels are literals, so that counting allocates nothing.
    fn count(self) {
        let counter = match self {
            Self::Subscribed => {
                metrics::counter!("artel_pubsub_gaps_total", "reason" => "subscribed")
            }
            Self::Disconnected => {
                metrics::counter!("artel_pubsub_gaps_total", "reason" => "disconnected")
            }
            Self::Heartbeat => {
                metrics::counter!("artel_pubsub_gaps_total", "reason" => "heartbeat")
            }
            Self::Reconnected => {
                metrics::counter!("artel_pubsub_gaps_total", "reason" => "reconnected")
            }
            Self::Overflow => metrics::counter!("artel_pubsub_gaps_total", "reason" => "overflow"),
        };
        counter.increment(1);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn nothing_is_heard_outside_of_what_is_in_force() {
        let audience = Arc::new(Audience::new(10));
        let mut early = audience.join("news");
        audience.tell("news", "too early");
        assert_eq!(heard(&mut early), [], "not even a gap: nothing is in force");

        audience.begin(&["news".into()], Reason::Subscribed);
        audience.tell("news", "1");
        audience.tell("other", "nobody's");
        assert_eq!(heard(&mut early), [Heard::Gap, message("1")]);

        let mut late = audience.join("news");
        audience.tell("news", "2");
        assert_eq!(heard(&mut late), [Heard::Gap, message("2")]);
        assert_eq!(heard(&mut early), [message("2")]);

        audience.interrupt(Reason::Disconnected);
        audience.tell("news", "of a connection that was lost");
        assert_eq!(heard(&mut early), [Heard::Gap]);
        audience.begin(&["news".into()], Reason::Reconnected);
        audience.tell("news", "3");
        assert_eq!(heard(&mut early), [Heard::Gap, message("3")]);
    }

    #[test]
    fn the_broker_is_told_what_has_changed() {
        let audience = Arc::new(Audience::new(10));
        let [first, second] = ["first", "second"].map(|it| audience.join(it));
        check(&audience, &[], "+first +second");
        check(&audience, &["first"], "+first +second");
        audience.begin(&["first".into(), "gone".into()], Reason::Subscribed);
        check(&audience, &["first", "gone"], "+second -gone");
        drop(first);
        check(&audience, &["first", "second"], "+second -first");
        let _again = audience.join("first");
        check(&audience, &["first", "second"], "+first +second");
        drop(second);
        audience.interrupt(Reason::Disconnected);
        check(&audience, &[], "+first");
    }

    /// Compares what a broker that was `asked` for these topics is told with `expected`.
    #[track_caller]
    fn check(audience: &Audience, asked: &[&str], expected: &str) {
        let change = audience.change_from(&asked.iter().map(|it| Topic::from(*it)).collect());
        let mut told: Vec<_> = change.listen.iter().map(|it| format!("+{it}")).collect();
        told.extend(change.unlisten.iter().map(|it| format!("-{it}")));
        told.sort();
        assert_eq!(told.join(" "), expected);
    }

    fn heard(subscription: &mut Subscription) -> Vec<Heard> {
        std::iter::from_fn(|| subscription.next().now_or_never().flatten()).collect()
    }

    fn message(text: &str) -> Heard {
        Heard::Message(text.into())
    }
}
