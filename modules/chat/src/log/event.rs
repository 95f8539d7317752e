//! Something that happened in a chat: what, to what, by whom and when.

use chrono::{DateTime, Utc};
use orm::{Many2One, Model};
use users::User;

use crate::{Chat, ChatMessage};

/// Something that happened in a chat.
#[derive(Debug, Model)]
#[model(table = "chat_events", order = "-id", child_of = "chat", unique = "chat, seq")]
#[model(routes = "reading")]
pub struct ChatEvent {
    #[field(read_only)]
    pub chat: Many2One<Chat>,
    /// Its number in the chat.
    #[field(read_only)]
    pub seq: i64,
    /// What happened: `message.created`.
    #[field(max = 20, read_only)]
    pub kind: String,
    /// The message that it is about.
    #[field(on_delete = "cascade", index, read_only)]
    pub message: Option<Many2One<ChatMessage>>,
    /// The member that it is about, or who reacted.
    #[field(on_delete = "restrict", read_only)]
    pub user: Option<Many2One<User>>,
    /// Of an event about a member: whether they may read the chat from it on.
    #[field(read_only)]
    pub can_read: Option<bool>,
    /// The reaction that it is about.
    #[field(max = 16, read_only)]
    pub emoji: Option<String>,
    /// Who did it; without one, the system.
    #[field(on_delete = "restrict", read_only)]
    pub by: Option<Many2One<User>>,
    #[field(index, read_only)]
    pub at: DateTime<Utc>,
}

/// What can happen in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// Somebody said something.
    MessageCreated,
    /// Somebody changed what they had said.
    MessageEdited,
    /// A message was deleted.
    MessageDeleted,
    /// A message was pinned.
    MessagePinned,
    /// A message is pinned no longer.
    MessageUnpinned,
    /// Somebody reacted to a message.
    ReactionAdded,
    /// Somebody took their reaction back.
    ReactionRemoved,
    /// Somebody takes part from now on.
    MemberJoined,
    /// Somebody takes part no longer.
    MemberLeft,
    /// Somebody may do something else than before.
    MemberChanged,
    /// The chat has another name, or was archived, or taken up again.
    ChatChanged,
}

impl EventKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::MessageCreated,
        Self::MessageEdited,
        Self::MessageDeleted,
        Self::MessagePinned,
        Self::MessageUnpinned,
        Self::ReactionAdded,
        Self::ReactionRemoved,
        Self::MemberJoined,
        Self::MemberLeft,
        Self::MemberChanged,
        Self::ChatChanged,
    ];

    /// As it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MessageCreated => "message.created",
            Self::MessageEdited => "message.edited",
            Self::MessageDeleted => "message.deleted",
            Self::MessagePinned => "message.pinned",
            Self::MessageUnpinned => "message.unpinned",
            Self::ReactionAdded => "reaction.added",
            Self::ReactionRemoved => "reaction.removed",
            Self::MemberJoined => "member.joined",
            Self::MemberLeft => "member.left",
            Self::MemberChanged => "member.changed",
            Self::ChatChanged => "chat.changed",
        }
    }

    /// The one that is written so.
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether it is about a member.
    pub const fn is_of_member(self) -> bool {
        matches!(self, Self::MemberJoined | Self::MemberLeft | Self::MemberChanged)
    }
}
