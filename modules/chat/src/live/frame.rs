//! What is said over a socket: the frames of either side, as JSON.
//!
//! The document of the protocol is made from these types.

use std::collections::BTreeMap;

use artel_core::http::socket::SocketText;
use chrono::SecondsFormat;
use orm::Uuid;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{live::presence::Standing, log::Event};

/// What a client sends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FromClient {
    /// Who it is: first of all without a ticket, and again before a token expires.
    Auth { token: String },
    /// Wants the events of chats, from those on that it has seen last.
    Subscribe { id: String, chats: BTreeMap<ChatKey, Seen> },
    /// Wants the events of chats no longer.
    Unsubscribe { chats: Vec<i64> },
    /// A message.
    Send(Box<NewMessage>),
    /// Has read everything up to a message.
    Read { chat_id: i64, seq: i64 },
    /// Is writing.
    Typing { chat_id: i64 },
    /// Wants to know of users whether they are there, and of no others any more.
    Watch {
        #[schemars(length(max = 500))]
        users: Vec<i64>,
    },
    /// Is there itself.
    Ping {},
}

/// A message that a client sends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMessage {
    /// What the answer is called.
    pub(crate) id: String,
    pub(crate) chat_id: i64,
    /// What makes it the same message when it is sent again.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub(crate) client_msg_id: Uuid,
    pub(crate) body: String,
    pub(crate) reply_to_id: Option<i64>,
    /// Files that were brought into the chat.
    #[serde(default)]
    pub(crate) attachment_ids: Vec<i64>,
}

/// The key of a chat as a key of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(extend("pattern" = r"^-?\d+$"))]
pub(crate) struct ChatKey(pub(crate) i64);

/// How far a client has come with a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Seen {
    /// The last event, of whatever epoch.
    Seq(i64),
    /// The last event of an epoch.
    OfEpoch(SeenOfEpoch),
    /// Nothing: it wants what comes from now on.
    Nothing(()),
}

/// The last event that a client has seen of an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenOfEpoch {
    pub(crate) seq: i64,
    pub(crate) epoch: Option<i64>,
}

impl TryFrom<String> for ChatKey {
    type Error = &'static str;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        let id = key.parse().ok().filter(|it: &i64| it.to_string() == key);
        id.map(Self).ok_or("the key of a chat is its id: \"17\"")
    }
}

impl Seen {
    /// The last event that was seen, and the epoch that it was of, as far as the client says so.
    pub(crate) fn last(self) -> Option<(i64, Option<i64>)> {
        match self {
            Self::Seq(seq) => Some((seq, None)),
            Self::OfEpoch(SeenOfEpoch { seq, epoch }) => Some((seq, epoch)),
            Self::Nothing(()) => None,
        }
    }
}

/// What the server sends, but for events: those are put together once for all who get them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ToClient<'a> {
    /// The first frame of all.
    Hello { protocol: &'a str, node: &'a str, heartbeat_s: u64, limits: Limits },
    /// Who it is is known.
    Ready { user_id: i64, chats: Vec<ReadyChat> },
    /// A message stands.
    Ack { id: &'a str, chat_id: i64, seq: i64, message_id: i64 },
    /// Ends a subscription's exchange: what was missed has been sent.
    Subscribed { id: &'a str, chats: BTreeMap<i64, Place> },
    /// What the client has of a chat is worth nothing; it goes on from here.
    Reset { chat_id: i64, as_of_seq: i64, epoch: i64 },
    /// How far the user has read, on whatever device.
    Read { chat_id: i64, read_seq: i64, unread: i64 },
    /// Somebody is writing.
    Typing { chat_id: i64, user_id: i64 },
    /// Somebody who is watched is there, or not.
    Presence { user_id: i64, state: Standing },
    /// What went wrong with a frame, or with a chat.
    Error(Refusal<'a>),
    /// The token will have expired by then.
    AuthExpiring { in_s: i64 },
    /// It is there.
    Pong,
    /// The server ends; another one is there, or will be.
    Drain { retry_after_ms: u64 },
}

/// What a socket may do.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Limits {
    /// Bytes of a frame.
    pub(crate) frame_bytes: usize,
    /// Frames a second, and so many at once.
    pub(crate) frames_per_s: u32,
    pub(crate) frames_at_once: u32,
    /// Unicode scalars of a message.
    pub(crate) body_chars: usize,
}

/// A chat of the user.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReadyChat {
    pub(crate) chat_id: i64,
    pub(crate) last_seq: i64,
    pub(crate) read_seq: i64,
    pub(crate) unread: i64,
    pub(crate) epoch: i64,
}

/// Where a subscription begins.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct Place {
    pub(crate) as_of_seq: i64,
    pub(crate) epoch: i64,
}

/// Why a frame was not carried out, or a chat is no longer told of.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(crate) struct Refusal<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) chat_id: Option<i64>,
    pub(crate) code: &'a str,
    pub(crate) message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) retry_after_ms: Option<u64>,
}

impl ToClient<'_> {
    /// As it goes over the socket.
    pub(crate) fn text(&self) -> SocketText {
        // These types have no map with other keys than texts and numbers: nothing can fail.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

/// An event as it goes over the socket.
pub(crate) fn event(of: &Event) -> SocketText {
    let Event { chat_id, seq, kind, at, data, .. } = of;
    let (kind, at) = (kind.as_str(), at.to_rfc3339_opts(SecondsFormat::Micros, true));
    // What it says is JSON already.
    let head = format!(r#"{{"type":"event","chat_id":{chat_id},"seq":{seq},"kind":"{kind}""#);
    format!(r#"{head},"at":"{at}","data":{data}}}"#).into()
}
