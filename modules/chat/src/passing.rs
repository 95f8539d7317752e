//! What happens in chats and does not last: how far somebody has read, that somebody is writing.
//!
//! It is told to those whom it concerns at that moment and to nobody later; what is lost is lost.

use std::sync::Arc;

use orm::{Database, Session};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// What a listener may be behind: more is lost to it.
const UNHEARD_MAX: usize = 1_024;

/// Something that does not last; between processes it goes as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Passing {
    /// Somebody has read a chat up to an event: their own devices are told.
    Read {
        /// They.
        user_id: i64,
        /// The chat.
        chat_id: i64,
        /// The event.
        read_seq: i64,
        /// Messages of others behind it.
        unread: i64,
    },
    /// Somebody is writing: the others in the chat are told.
    Typing {
        /// The chat.
        chat_id: i64,
        /// They.
        user_id: i64,
    },
}

/// Where what is said in this process of one database is heard.
#[derive(Debug)]
pub struct Board(broadcast::Sender<Passing>);

impl Default for Board {
    fn default() -> Self {
        Self(broadcast::channel(UNHEARD_MAX).0)
    }
}

impl Board {
    /// The one of a database.
    pub fn of(database: &Database) -> Arc<Self> {
        database.kept()
    }

    /// Says it at once.
    pub fn tell(&self, passing: Passing) {
        // Nobody listens in a process without sockets.
        let _ = self.0.send(passing);
    }

    /// Whoever calls it hears everything from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Passing> {
        self.0.subscribe()
    }
}

/// Says it once the transaction around the session stands.
pub(crate) fn tell_later(session: &Session, passing: Passing) {
    let board = Board::of(session.database());
    session.after_commit(move || Box::pin(async move { board.tell(passing) }));
}
