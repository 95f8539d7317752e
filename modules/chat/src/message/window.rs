//! A piece of what was said in a chat, and how far its log had come by then.
//!
//! **Invariant:** one statement reads both, so whoever asks for the events behind `as_of_seq` misses
//! nothing of what is not in the window.

use artel_core::Result;
use orm::Session;

use crate::{
    gate,
    message::view::{Message, message_columns},
    row::{Columns, Texts},
};

/// Which messages are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// Only those before this number; the newest of them.
    pub before: Option<i64>,
    /// Only those after this number; the oldest of them.
    pub after: Option<i64>,
    /// So many at the most.
    pub limit: i64,
}

/// Messages of one chat.
#[derive(Debug, Clone)]
pub struct Window {
    /// In rising order.
    pub messages: Vec<Message>,
    /// The number of the last event that the window knows of.
    pub as_of_seq: i64,
    /// The epoch of the chat.
    pub epoch: i64,
    /// Whether there are more in the direction that was asked for.
    pub has_more: bool,
}

/// Reads a window of a chat.
///
/// # Errors
/// Missing when the asker does not see the chat.
pub async fn messages(session: &Session, chat: i64, ask: Ask) -> Result<Window> {
    let chat = gate::see(session, chat).await?.id();
    let is_forward = ask.after.is_some();
    let text = if is_forward { FORWARD } else { BACKWARD };
    let after = ask.after.unwrap_or(-1).to_string();
    let before = ask.before.unwrap_or(i64::MAX).to_string();
    let limit = ask.limit.saturating_add(1).to_string();
    let system = session.as_system("chat.messages");
    let rows = system.sql(text, &[&chat.to_string(), &after, &before, &limit]).await?;
    let mut window = Window { messages: Vec::new(), as_of_seq: 0, epoch: 0, has_more: false };
    for row in rows {
        window.take(row)?;
    }
    let wanted = usize::try_from(ask.limit).unwrap_or_default();
    window.has_more = window.messages.len() > wanted;
    if window.has_more {
        // The one too many is at the far end of the way.
        let far = if is_forward { window.messages.len() - 1 } else { 0 };
        window.messages.remove(far);
    }
    Ok(window)
}

impl Window {
    fn take(&mut self, row: Texts) -> orm::Result<()> {
        let mut columns = Columns::of(row);
        (self.as_of_seq, self.epoch) = (columns.int()?, columns.int()?);
        self.messages.extend(Message::take(&mut columns)?);
        Ok(())
    }
}

macro_rules! window {
    ($order:literal) => {
        concat!(
            "select chat.last_seq::text, chat.epoch::text, ",
            message_columns!(),
            " from chats chat left join lateral ( \
                 select * from chat_messages it \
                 where it.chat_id = chat.id and it.seq > $2::bigint and it.seq < $3::bigint \
                 order by it.seq ",
            $order,
            " limit $4::bigint \
             ) message on true \
             where chat.id = $1::bigint order by message.seq"
        )
    };
}

const FORWARD: &str = window!("asc");
const BACKWARD: &str = window!("desc");
