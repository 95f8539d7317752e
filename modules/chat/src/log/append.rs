//! The one way into the log.
//!
//! **Invariant:** a number is taken from the row of the chat in the transaction of the change: that
//! row is held until it ends, so there are no gaps, and numbers are in the order of commits.

use orm::{Error, Id, Result, Session};
use serde_json::json;

use crate::{
    Chat, EventKind,
    log::bell::ring_later,
    row::{self, Columns},
};

/// What is logged.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: EventKind,
    pub(crate) message: Option<i64>,
    pub(crate) user: Option<i64>,
    pub(crate) emoji: Option<String>,
}

impl Entry {
    pub(crate) fn of(kind: EventKind) -> Self {
        Self { kind, message: None, user: None, emoji: None }
    }

    pub(crate) fn of_message(kind: EventKind, message: i64) -> Self {
        Self { message: Some(message), ..Self::of(kind) }
    }
}

/// Logs what the transaction around the session does to a chat; gives the number of the last of
/// these events.
///
/// # Errors
/// When the database is away.
pub(crate) async fn append(system: &Session, chat: Id<Chat>, entries: &[Entry]) -> Result<i64> {
    let written: Vec<_> = entries.iter().zip(1_i64..).map(|(it, place)| line(it, place)).collect();
    let (id, count) = (chat.to_string(), entries.len().to_string());
    let (by, at) = stamp(system);
    let lines = serde_json::Value::from(written).to_string();
    let rows = system.sql(APPEND, &[&id, &count, &by, &at, &lines]).await?;
    let numbers = rows.into_iter().map(|it| Columns::of(it).int()).collect::<Result<Vec<i64>>>()?;
    let last = numbers.into_iter().max();
    let last = last.ok_or_else(|| Error::broken("an event of a chat that is not there"))?;
    let joined = entries.iter().filter(|it| it.kind == EventKind::MemberJoined);
    ring_later(system, (chat, last), joined.filter_map(|it| it.user).collect());
    Ok(last)
}

/// Logs a change that has counted itself: the row of the chat holds this number already.
///
/// # Errors
/// When the database is away.
pub(crate) async fn note(system: &Session, chat: Id<Chat>, seq: i64, entry: &Entry) -> Result<()> {
    let (id, number) = (chat.to_string(), seq.to_string());
    let (by, at) = stamp(system);
    let lines = serde_json::Value::from(vec![line(entry, 0)]).to_string();
    let rows = system.sql(NOTE, &[&id, &number, &by, &at, &lines]).await?;
    row::only(rows)?;
    ring_later(system, (chat, seq), Vec::new());
    Ok(())
}

fn line(entry: &Entry, place: i64) -> serde_json::Value {
    let Entry { kind, message, user, emoji } = entry;
    json!({
        "place": place, "kind": kind.as_str(), "message_id": message, "user_id": user,
        "emoji": emoji,
    })
}

/// Who does it, and when.
fn stamp(system: &Session) -> (String, String) {
    let by = system.asker_id().map(|it| it.to_string()).unwrap_or_default();
    (by, system.now().to_rfc3339())
}

macro_rules! insert {
    () => {
        "insert into chat_events (chat_id, seq, kind, message_id, user_id, can_read, emoji, by_id, \
             at, created_by_id, updated_by_id) \
         select next.id, next.seq + it.place, it.kind, it.message_id, it.user_id, \
             (select member.active and (member.can_read or member.is_admin) \
              from chat_members member \
              where it.kind like 'member.%' and member.chat_id = next.id \
                and member.user_id = it.user_id), \
             it.emoji, nullif($3, '')::bigint, $4::timestamptz, \
             nullif($3, '')::bigint, nullif($3, '')::bigint \
         from next, json_to_recordset($5::json) as it \
             (place bigint, kind text, message_id bigint, user_id bigint, emoji text) \
         returning seq::text"
    };
}

const APPEND: &str = concat!(
    "with next as ( \
         update chats set last_seq = last_seq + $2::bigint where id = $1::bigint \
         returning id, last_seq - $2::bigint as seq \
     ) ",
    insert!()
);

const NOTE: &str = concat!("with next as (select $1::bigint as id, $2::bigint as seq) ", insert!());
