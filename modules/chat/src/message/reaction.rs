//! What somebody thinks of a message, in one sign.

use orm::{Many2One, Model};
use users::User;

use crate::ChatMessage;

/// What somebody thinks of a message.
#[derive(Debug, Model)]
#[model(table = "chat_reactions", order = "id", child_of = "message", routes = "reading")]
#[model(unique = "message, user, emoji")]
pub struct ChatReaction {
    #[field(read_only)]
    pub message: Many2One<ChatMessage>,
    #[field(on_delete = "restrict", index, read_only)]
    pub user: Many2One<User>,
    #[field(max = 16, read_only)]
    pub emoji: String,
}
