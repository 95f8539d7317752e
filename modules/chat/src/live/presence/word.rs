//! What processes tell each other of who is there, as JSON in one message of the broker.

use std::collections::BTreeMap;

use artel_core::pubsub::PAYLOAD_BYTES_MAX;
use serde::{Deserialize, Serialize};

use crate::live::presence::Standing;

/// Bytes that a message needs beside its users.
const FRAME_BYTES: usize = 256;

/// What a process says, with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Word {
    pub(super) node: String,
    #[serde(flatten)]
    pub(super) said: Said,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub(super) enum Said {
    /// Of its users behind `after`, up to `up_to`, these are there and no others.
    List { after: i64, up_to: i64, online: Vec<i64>, away: Vec<i64> },
    /// These have come, gone, or stand otherwise.
    Changed { online: Vec<i64>, away: Vec<i64>, offline: Vec<i64> },
    /// It ends.
    Ended {},
}

/// What is written in one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Message {
    /// A process says something.
    Word(Word),
    /// A process wants to know of all others who is there.
    Who { who: String },
}

impl Message {
    /// As it is told.
    pub(super) fn text(&self) -> String {
        // Names and numbers are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Everybody who is there by a process, in as many words as it takes.
pub(super) fn list(users: &BTreeMap<i64, Standing>) -> Vec<Said> {
    let parts = parts(users);
    let last = parts.len().saturating_sub(1);
    let mut after = i64::MIN;
    let mut said = Vec::with_capacity(parts.len());
    for (index, part) in parts.into_iter().enumerate() {
        let greatest = part.last_key_value().map_or(i64::MAX, |it| *it.0);
        let up_to = if index == last { i64::MAX } else { greatest };
        let [online, away, _] = by_standing(&part);
        said.push(Said::List { after, up_to, online, away });
        after = up_to;
    }
    said
}

/// What has changed, in as many words as it takes.
pub(super) fn changed(users: &BTreeMap<i64, Standing>) -> Vec<Said> {
    if users.is_empty() {
        return Vec::new();
    }
    let said = |part: BTreeMap<i64, Standing>| {
        let [online, away, offline] = by_standing(&part);
        Said::Changed { online, away, offline }
    };
    parts(users).into_iter().map(said).collect()
}

/// Users in their order, as many together as one message holds; at least one part.
fn parts(users: &BTreeMap<i64, Standing>) -> Vec<BTreeMap<i64, Standing>> {
    let mut parts = vec![BTreeMap::new()];
    let mut bytes = FRAME_BYTES;
    for (user, standing) in users {
        // With the comma behind it.
        let more = user.to_string().len() + 1;
        if bytes + more > PAYLOAD_BYTES_MAX {
            parts.push(BTreeMap::new());
            bytes = FRAME_BYTES;
        }
        bytes += more;
        if let Some(part) = parts.last_mut() {
            part.insert(*user, *standing);
        }
    }
    parts
}

/// Who is online, who is away, and who is gone.
fn by_standing(users: &BTreeMap<i64, Standing>) -> [Vec<i64>; 3] {
    let of = |standing| -> Vec<i64> {
        users.iter().filter(|it| *it.1 == standing).map(|it| *it.0).collect()
    };
    [of(Standing::Online), of(Standing::Away), of(Standing::Offline)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_any_length_is_whole_and_fits_into_its_messages() {
        let largest = i64::MAX - 5_000;
        for users in [0, 1, 5_000] {
            let all: BTreeMap<i64, Standing> = (0..users)
                .map(|it| {
                    (largest + it, if it % 3 == 0 { Standing::Away } else { Standing::Online })
                })
                .collect();
            let said = list(&all);
            let mut after = i64::MIN;
            let mut listed = BTreeMap::new();
            for it in said {
                let message = Message::Word(Word { node: "n".repeat(32), said: it.clone() }).text();
                assert!(message.len() <= PAYLOAD_BYTES_MAX, "{} bytes", message.len());
                assert_eq!(serde_json::from_str::<Message>(&message).unwrap().text(), message);
                let Said::List { after: behind, up_to, online, away } = it else {
                    panic!("{it:?}")
                };
                assert_eq!(behind, after);
                after = up_to;
                listed.extend(online.into_iter().map(|it| (it, Standing::Online)));
                listed.extend(away.into_iter().map(|it| (it, Standing::Away)));
            }
            assert_eq!((after, listed), (i64::MAX, all));
        }
    }

    #[test]
    fn what_is_said_can_be_told_apart() {
        let who = r#"{"who":"a"}"#;
        assert_eq!(
            serde_json::from_str::<Message>(who).unwrap(),
            Message::Who { who: "a".to_owned() }
        );
        let ended = Message::Word(Word { node: "a".to_owned(), said: Said::Ended {} });
        assert_eq!(ended.text(), r#"{"node":"a","is":"ended"}"#);
        assert_eq!(serde_json::from_str::<Message>(&ended.text()).unwrap(), ended);
    }
}
