//! Files that are sent with messages: first brought, then said.
//!
//! **Invariant:** whoever may read the message may read its files, and nobody else; one that is not
//! said yet is its owner's alone. With the message its files are gone.
//! **Invariant:** bytes on the disk have a row from before they come until after they go.

pub mod attach;
pub mod bring;
pub mod read;
pub mod sweep;

use artel_core::http::poem_openapi::{self, Object};
use orm::{Cond, Id, Many2One, Model, Record, Uuid};
use users::User;

use crate::{Chat, ChatMessage};

/// The folder of the file store that they are in.
const FOLDER: &str = "chat";

/// A file in a chat. It has no generated routes: who may read it depends on its message.
#[derive(Debug, Model)]
#[model(table = "chat_attachments", order = "id", child_of = "chat", routes = "none")]
pub struct ChatAttachment {
    #[field(index, read_only)]
    pub chat: Many2One<Chat>,
    /// The message that it was sent with; none until it is.
    #[field(on_delete = "restrict", index, read_only)]
    pub message: Option<Many2One<ChatMessage>>,
    /// Who has brought it.
    #[field(on_delete = "restrict", index, read_only)]
    pub owner: Many2One<User>,
    /// What it is called.
    #[field(max = 255, read_only)]
    pub name: String,
    /// What it is, by how it begins.
    #[field(max = 100, read_only)]
    pub content_type: String,
    /// In bytes, once it is there whole.
    #[field(read_only)]
    pub size: Option<i64>,
    /// What finds its bytes.
    #[field(read_only, unique)]
    pub key: Uuid,
    /// Whether it was taken back: its bytes are being deleted.
    #[field(default = false, read_only)]
    pub gone: bool,
}

/// A file in a chat, as those see it who may.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
pub struct Attachment {
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// `image/png`, `image/jpeg`, `image/gif`, `image/webp` or `application/pdf` by how it begins,
    /// else `application/octet-stream`.
    pub content_type: String,
    /// In bytes.
    pub size: i64,
}

impl ChatAttachment {
    /// The files of a message, of those that are there whole.
    pub(crate) fn of_message(message: Id<ChatMessage>) -> Cond<Self> {
        Self::MESSAGE.eq(message)
    }

    /// Those that wait to be said.
    pub(crate) fn unsaid() -> Cond<Self> {
        Self::MESSAGE.is_none().and(Self::GONE.eq(false))
    }
}

impl Attachment {
    pub(crate) fn of(it: &Record<ChatAttachment>) -> Self {
        Self {
            id: it.id().get(),
            name: it.name.clone(),
            content_type: it.content_type.clone(),
            size: it.size.unwrap_or_default(),
        }
    }
}
