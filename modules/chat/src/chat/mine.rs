//! The chats of whoever asks, those first in which something was said last.

use artel_core::Result;
use chrono::{DateTime, Utc};
use orm::{Error, Session, Violation};

use crate::{
    gate,
    log::heads::unread,
    message::view::{Message, message_columns},
    row::{Columns, Texts, keys, micros},
};

/// A chat of somebody's.
#[derive(Debug, Clone)]
pub struct MyChat {
    /// The chat.
    pub chat_id: i64,
    /// What it is called.
    pub name: Option<String>,
    /// `direct`, `group`, `channel` or `record`.
    pub kind: String,
    /// The number of its last event.
    pub last_seq: i64,
    /// Its epoch.
    pub epoch: i64,
    /// How far they have read.
    pub read_seq: i64,
    /// Until when it is muted for them.
    pub muted_until: Option<DateTime<Utc>>,
    /// Messages of others behind that which are not deleted.
    pub unread: i64,
    /// What was said last and not deleted.
    pub last_message: Option<Message>,
    /// When that was; of a chat in which nothing was said, when it was made.
    active_at: i64,
}

/// Some of the chats of somebody.
#[derive(Debug, Clone)]
pub struct Mine {
    /// In the order of what was said last, the latest first.
    pub chats: Vec<MyChat>,
    /// Whether there are more.
    pub has_more: bool,
    /// Where to go on, if there are more and one has come.
    pub next_cursor: Option<String>,
}

/// The chats of the asker, at most `limit`, behind where another list ended.
///
/// # Errors
/// Denied without a grant to read chats; a bad query when the cursor is none of ours.
pub async fn mine(session: &Session, limit: i64, cursor: Option<&str>) -> Result<Mine> {
    let from = cursor.map(read_cursor).transpose()?;
    let (active_at, id) = from.unwrap_or((i64::MAX, i64::MAX));
    let (chats, user) = (keys(gate::visible(session).await?), gate::user(session)?.to_string());
    let (active_at, id) = (active_at.to_string(), id.to_string());
    let more = limit.saturating_add(1).to_string();
    let system = session.as_system("chat.mine");
    let rows = system.sql(MINE, &[&chats, &user, &active_at, &id, &more]).await?;
    let chats = rows.into_iter().map(MyChat::of).collect::<orm::Result<Vec<_>>>()?;
    let wanted = usize::try_from(limit).unwrap_or_default();
    let mut mine = Mine { has_more: chats.len() > wanted, chats, next_cursor: None };
    if mine.has_more {
        mine.chats.truncate(wanted);
        mine.next_cursor = mine.chats.last().map(|it| write_cursor(it.active_at, it.chat_id));
    }
    Ok(mine)
}

/// It tells of nothing but the last chat of a list, and asks for the asker's own chats whoever
/// wrote it: it needs no seal.
fn write_cursor(active_at: i64, id: i64) -> String {
    format!("{active_at:x}-{id:x}")
}

fn read_cursor(text: &str) -> Result<(i64, i64)> {
    let number = |it: &str| i64::from_str_radix(it, 16).ok().filter(|it| *it >= 0);
    let read = text.split_once('-').and_then(|(at, id)| Some((number(at)?, number(id)?)));
    let refused = || Error::bad_query(Violation::at_parameter("cursor", "bad_parameter")).into();
    read.ok_or_else(refused)
}

impl MyChat {
    fn of(row: Texts) -> orm::Result<Self> {
        let mut columns = Columns::of(row);
        Ok(Self {
            chat_id: columns.int()?,
            name: columns.optional_text(),
            kind: columns.text()?,
            last_seq: columns.int()?,
            epoch: columns.int()?,
            read_seq: columns.int()?,
            muted_until: columns.optional_time()?,
            unread: columns.int()?,
            active_at: columns.int()?,
            last_message: Message::take(&mut columns)?,
        })
    }
}

const MINE: &str = concat!(
    "select chat.id::text, chat.name, chat.kind, chat.last_seq::text, chat.epoch::text, \
     coalesce(mark.read_seq, 0)::text, ",
    micros!("mark.muted_until"),
    ", ",
    unread!(),
    ", chat.active_at::text, ",
    message_columns!(),
    " from ( \
         select it.*, last.id as message_id, \
             (extract(epoch from coalesce(last.created_at, it.created_at)) * 1000000)::bigint \
                 as active_at \
         from chats it left join lateral ( \
             select id, created_at from chat_messages \
             where chat_id = it.id and deleted_at is null order by seq desc limit 1 \
         ) last on true \
         where it.id = any($1::bigint[]) \
     ) chat \
     left join chat_marks mark on mark.chat_id = chat.id and mark.user_id = $2::bigint \
     left join chat_messages message on message.id = chat.message_id \
     where (chat.active_at, chat.id) < ($3::bigint, $4::bigint) \
     order by chat.active_at desc, chat.id desc limit $5::bigint"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        assert_eq!(
            read_cursor(&write_cursor(1_800_000_000_000_000, 17)).ok(),
            Some((1_800_000_000_000_000, 17))
        );
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "-", "1", "x-1", "1-x", "-1-1", "1--1", "ffffffffffffffffff-1"] {
            assert!(read_cursor(text).is_err(), "{text}");
        }
    }
}
