//! What an event says, by its kind: the shapes that clients are promised.

use std::collections::BTreeMap;

use orm::Result;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{EventKind, member::view::Member, message::view::Message, row::Columns};

/// What an event says.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum EventData {
    Message(MessageChanged),
    Deleted(MessageDeleted),
    Reactions(ReactionsChanged),
    Member(MemberChanged),
    Chat(ChatChanged),
}

/// A message, as it stands when it is told.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageChanged {
    #[schemars(with = "Message")]
    pub(super) message: Option<Value>,
}

/// That a message was deleted: of what it said, nothing is left.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageDeleted {
    #[schemars(with = "i64")]
    pub(super) message_id: Option<i64>,
    /// The number of the event that it came with.
    #[schemars(with = "i64")]
    pub(super) message_seq: Option<i64>,
    /// Who deleted it; without one, the system.
    pub(super) by_id: Option<i64>,
}

/// A reaction that came or went.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReactionsChanged {
    #[schemars(with = "i64")]
    pub(super) message_id: Option<i64>,
    /// Whose it is.
    #[schemars(with = "i64")]
    pub(super) user_id: Option<i64>,
    #[schemars(with = "String")]
    pub(super) emoji: Option<String>,
    /// How many have reacted to the message with each sign, by now.
    #[schemars(with = "BTreeMap<String, i64>")]
    pub(super) counts: Option<BTreeMap<String, i64>>,
}

/// A member, as they stand when it is told.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MemberChanged {
    #[schemars(with = "Member")]
    pub(super) member: Option<Value>,
}

/// The chat, as it stands when it is told.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ChatChanged {
    #[schemars(with = "ChatState")]
    pub(super) chat: Option<ChatState>,
}

/// A chat itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(super) struct ChatState {
    id: i64,
    name: Option<String>,
    /// `direct`, `group`, `channel` or `record`.
    kind: String,
    /// Whether it is in use.
    active: bool,
    /// What it is about, of chats about records.
    record_model: Option<String>,
    record_id: Option<i64>,
}

impl EventData {
    /// As it is told.
    pub(super) fn to_json(&self) -> Value {
        // Names, texts and numbers are always JSON.
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl ChatState {
    /// The next column of a row, which is a JSON object or null.
    pub(super) fn take(columns: &mut Columns) -> Result<Option<Self>> {
        columns.json()
    }
}

/// The shape of what events of a kind say.
pub(crate) fn shape(kind: EventKind, generator: &mut SchemaGenerator) -> Schema {
    match kind {
        EventKind::MessageCreated
        | EventKind::MessageEdited
        | EventKind::MessagePinned
        | EventKind::MessageUnpinned => generator.subschema_for::<MessageChanged>(),
        EventKind::MessageDeleted => generator.subschema_for::<MessageDeleted>(),
        EventKind::ReactionAdded | EventKind::ReactionRemoved => {
            generator.subschema_for::<ReactionsChanged>()
        }
        EventKind::MemberJoined | EventKind::MemberLeft | EventKind::MemberChanged => {
            generator.subschema_for::<MemberChanged>()
        }
        EventKind::ChatChanged => generator.subschema_for::<ChatChanged>(),
    }
}
