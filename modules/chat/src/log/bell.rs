//! Rung in this process when a log has grown, for those who bring events to sockets and to other
//! processes.
//!
//! **Invariant:** it is rung once what was logged is committed, and never for what was undone.

use std::sync::Arc;

use orm::{Database, Id, Session};
use tokio::sync::broadcast;

use crate::Chat;

/// How many rings a listener may be behind. One who is further behind is told so, and looks at
/// every chat that concerns them.
const RINGS_MAX: usize = 4_096;

/// A log has grown, at least to this number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// The chat.
    pub chat_id: i64,
    /// The number of its last event.
    pub seq: i64,
    /// The users who take part in the chat since then.
    pub joined: Vec<i64>,
}

/// The bell of one database in this process.
#[derive(Debug)]
pub struct Bell(broadcast::Sender<Rung>);

impl Default for Bell {
    fn default() -> Self {
        Self(broadcast::channel(RINGS_MAX).0)
    }
}

impl Bell {
    /// The one of a database: whoever reaches its sessions reaches it.
    pub fn of(database: &Database) -> Arc<Self> {
        database.kept()
    }

    /// Says at once that a log has grown.
    pub fn ring(&self, rung: Rung) {
        // Nobody listens in a process without sockets.
        let _ = self.0.send(rung);
    }

    /// Whoever calls it hears every ring from now on. A slow listener gets
    /// [`RecvError::Lagged`](broadcast::error::RecvError::Lagged) instead of what it missed.
    pub fn subscribe(&self) -> broadcast::Receiver<Rung> {
        self.0.subscribe()
    }
}

/// Rings once the transaction around the session stands.
pub(crate) fn ring_later(session: &Session, (chat, seq): (Id<Chat>, i64), joined: Vec<i64>) {
    let bell = Bell::of(session.database());
    let rung = Rung { chat_id: chat.get(), seq, joined };
    session.after_commit(move || Box::pin(async move { bell.ring(rung) }));
}
