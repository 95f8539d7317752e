//! How far somebody has read a chat, and until when it is muted for them: nobody else's business.
//!
//! **Invariant:** a mark is seen by its owner alone, and no other model leads to it.

use artel_core::Result;
use chrono::{DateTime, Utc};
use orm::{Many2One, Model, Session};
use users::User;

use crate::{
    Chat, gate,
    passing::{self, Passing},
    row,
};

/// How far somebody has read a chat.
#[derive(Debug, Model)]
#[model(table = "chat_marks", order = "id", unique = "chat, user", private, routes = "reading")]
pub struct ChatMark {
    #[field(on_delete = "cascade", read_only)]
    pub chat: Many2One<Chat>,
    #[field(on_delete = "cascade", index, read_only)]
    pub user: Many2One<User>,
    /// The number of the last event that they have seen.
    #[field(default = 0, read_only)]
    pub read_seq: i64,
    /// Until when they do not want to be disturbed.
    #[field(read_only)]
    pub muted_until: Option<DateTime<Utc>>,
}

/// How far somebody has read, and how many messages of others are behind that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The number of the last event that they have seen.
    pub read_seq: i64,
    /// Messages of others behind it that are not deleted.
    pub unread: i64,
}

/// Moves the mark of the asker forward, never back, at most to the end of the log. Is no event.
///
/// # Errors
/// Missing when they do not see the chat.
pub async fn mark_read(session: &Session, chat: i64, seq: i64) -> Result<Reading> {
    let (chat, user) = (gate::see(session, chat).await?.id(), gate::user(session)?);
    let system = session.as_system("chat.read");
    let params = [chat.to_string(), user.to_string(), seq.max(0).to_string()];
    let rows = system.sql(MARK_READ, &params.each_ref().map(String::as_str)).await?;
    let mut columns = row::only(rows)?;
    let reading = Reading { read_seq: columns.int()?, unread: columns.int()? };
    let Reading { read_seq, unread } = reading;
    let (user_id, chat_id) = (user, chat.get());
    passing::tell_later(session, Passing::Read { user_id, chat_id, read_seq, unread });
    Ok(reading)
}

/// Mutes a chat for the asker, or ends it.
///
/// # Errors
/// Missing when they do not see the chat.
pub async fn mute(
    session: &Session,
    chat: i64,
    until: Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>> {
    let (chat, user) = (gate::see(session, chat).await?.id(), gate::user(session)?);
    let system = session.as_system("chat.mute");
    let until = until.map(|it| it.to_rfc3339()).unwrap_or_default();
    let rows = system.sql(MUTE, &[&chat.to_string(), &user.to_string(), &until]).await?;
    Ok(row::only(rows)?.optional_time()?)
}

const MARK_READ: &str = "with moved as ( \
         insert into chat_marks as it (chat_id, user_id, read_seq, created_by_id, updated_by_id) \
         select id, $2::bigint, least($3::bigint, last_seq), $2::bigint, $2::bigint \
         from chats where id = $1::bigint \
         on conflict (chat_id, user_id) do update \
         set read_seq = greatest(it.read_seq, excluded.read_seq), \
             version = it.version + 1, updated_at = now() \
         returning chat_id, user_id, read_seq \
     ) \
     select moved.read_seq::text, ( \
         select count(*) from chat_messages message \
         where message.chat_id = moved.chat_id and message.seq > moved.read_seq \
           and message.deleted_at is null and message.author_id is distinct from moved.user_id \
     )::text \
     from moved";

const MUTE: &str = "insert into chat_marks as it \
     (chat_id, user_id, read_seq, muted_until, created_by_id, updated_by_id) \
     values ($1::bigint, $2::bigint, 0, nullif($3, '')::timestamptz, $2::bigint, $2::bigint) \
     on conflict (chat_id, user_id) do update \
     set muted_until = excluded.muted_until, version = it.version + 1, updated_at = now() \
     returning (extract(epoch from muted_until) * 1000000)::bigint::text";
