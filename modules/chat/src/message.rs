//! What is said in a chat.
//!
//! **Invariant:** the text of a deleted message is nowhere: not in its row, not in the log, in no
//! history.

pub mod delete;
pub mod edit;
pub mod pin;
pub mod react;
pub mod reaction;
pub mod send;
pub mod view;
pub mod window;

use chrono::{DateTime, Utc};
use orm::{Many2One, Model, Uuid};
use users::User;

use crate::Chat;

/// What somebody said in a chat.
#[derive(Debug, Model)]
#[model(table = "chat_messages", order = "-id", child_of = "chat", routes = "reading")]
#[model(unique = "chat, seq", unique = "chat, author, client_msg_id")]
pub struct ChatMessage {
    #[field(read_only)]
    pub chat: Many2One<Chat>,
    /// Who said it; without one, the system.
    #[field(on_delete = "restrict", index, read_only)]
    pub author: Option<Many2One<User>>,
    /// The number of the event that it came with.
    #[field(read_only)]
    pub seq: i64,
    /// What was said; gone when it is deleted.
    #[field(max = 16_000, read_only)]
    pub body: Option<String>,
    /// The message of the same chat that it answers.
    #[field(on_delete = "set_null", read_only)]
    pub reply_to: Option<Many2One<Self>>,
    /// What its author's client calls it, so that sending it again sends it once.
    #[field(read_only)]
    pub client_msg_id: Option<Uuid>,
    #[field(default = false, read_only)]
    pub pinned: bool,
    /// When it was last changed, if it was.
    #[field(read_only)]
    pub edited_at: Option<DateTime<Utc>>,
    /// When it was deleted, if it was.
    #[field(read_only)]
    pub deleted_at: Option<DateTime<Utc>>,
}
