//! How far one has come with each chat that one listens to.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The chats that one has joined.
#[derive(Default)]
pub(super) struct Places(BTreeMap<i64, Place>);

/// How far one has come with a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) seq: i64,
    pub(super) epoch: i64,
    /// The last event of one's own that was acknowledged.
    acknowledged: i64,
}

/// What an event is to whoever has come so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The next one.
    Next,
    /// It is known already, or the chat is none of one's.
    Known,
    /// There is something before it that has not come.
    TooFar,
}

impl Places {
    pub(super) fn of(&self, chat: i64) -> Option<Place> {
        self.0.get(&chat).copied()
    }

    /// Goes on from here with a chat.
    pub(super) fn put(&mut self, chat: i64, (seq, epoch): (i64, i64)) {
        let before = self.of(chat).filter(|it| it.epoch == epoch);
        let acknowledged = before.map_or(0, |it| it.acknowledged);
        self.0.insert(chat, Place { seq, epoch, acknowledged });
    }

    /// Goes on from here at least, as the server says at the end of what was missed.
    pub(super) fn subscribed(&mut self, chat: i64, (seq, epoch): (i64, i64)) {
        if let Some(place) = self.0.get_mut(&chat) {
            (place.seq, place.epoch) = (place.seq.max(seq), epoch);
        }
    }

    /// Takes an event; it counts as seen if it is the next one.
    pub(super) fn take(&mut self, chat: i64, seq: i64) -> Step {
        match self.0.get_mut(&chat) {
            Some(place) if seq == place.seq + 1 => {
                place.seq = seq;
                Step::Next
            }
            Some(place) if seq > place.seq => Step::TooFar,
            _ => Step::Known,
        }
    }

    /// Something of one's own stands.
    pub(super) fn acknowledged(&mut self, chat: i64, seq: i64) {
        if let Some(place) = self.0.get_mut(&chat) {
            place.acknowledged = place.acknowledged.max(seq);
        }
    }

    pub(super) fn forget(&mut self, chat: i64) {
        self.0.remove(&chat);
    }

    /// Whether all that stands of one's own has been seen.
    pub(super) fn have_shown_own(&self) -> bool {
        self.0.values().all(|it| it.seq >= it.acknowledged)
    }

    /// The frame that subscribes to all of them, or to one; none where there is nothing to hear.
    pub(super) fn subscription(&self, only: Option<i64>) -> Option<Value> {
        let wanted = self.0.iter().filter(|(chat, _)| only.is_none_or(|it| it == **chat));
        let place = |(chat, it): (&i64, &Place)| {
            (chat.to_string(), json!({ "seq": it.seq, "epoch": it.epoch }))
        };
        let chats: serde_json::Map<String, Value> = wanted.map(place).collect();
        let frame = || json!({ "type": "subscribe", "id": "s", "chats": chats });
        (!chats.is_empty()).then(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_taken_once_and_in_its_order() {
        let mut places = Places::default();
        assert_eq!(places.take(17, 1), Step::Known, "of a chat that was not joined");
        places.put(17, (4, 1));
        let taken = [4, 5, 5, 7, 6, 7].map(|it| places.take(17, it));
        let expected = [Step::Known, Step::Next, Step::Known, Step::TooFar, Step::Next, Step::Next];
        assert_eq!(taken, expected);
        let chats = json!({ "17": { "seq": 7, "epoch": 1 } });
        assert_eq!(places.subscription(None).unwrap()["chats"], chats);
        assert_eq!(places.subscription(Some(18)), None);
    }

    #[test]
    fn what_was_acknowledged_is_awaited_until_another_epoch() {
        let mut places = Places::default();
        places.put(17, (4, 1));
        places.acknowledged(17, 6);
        places.take(17, 5);
        assert!(!places.have_shown_own());
        places.put(17, (5, 1));
        assert!(!places.have_shown_own());
        places.put(17, (3, 2));
        assert!(places.have_shown_own());
    }
}
