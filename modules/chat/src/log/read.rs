//! What has happened in chats since somebody last looked, in one statement for all of them.
//!
//! **Invariant:** what an event says is read with it, from the rows as they are by then: an event
//! about a message that was deleted since has no text to tell.

use artel_core::{Error, Result, http::poem_openapi::types::ToJSON};
use chrono::{DateTime, Utc};
use orm::Session;
use serde_json::Value;

use crate::{
    EventKind,
    log::{
        event_data::{
            ChatChanged, ChatState, EventData, MemberChanged, MessageChanged, MessageDeleted,
            ReactionsChanged,
        },
        heads::{Head, head_columns},
    },
    member::view::{Member, member_columns},
    message::view::{Message, message_columns},
    row::{Columns, Texts, keys, micros},
};

/// An event, ready to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The chat that it happened in.
    pub chat_id: i64,
    /// Its number there.
    pub seq: i64,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// What there is to say of it, as a JSON object.
    pub data: String,
    /// Of events about a member: the user.
    pub member: Option<i64>,
    /// Of events about a member: whether they may read the chat from this one on.
    pub can_read: Option<bool>,
}

/// The events of chats behind the numbers that somebody has seen, at most `limit` of each chat.
///
/// In rising order, chat by chat in the order of `wanted`. Each chat is wanted once. The session is
/// one of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn read(session: &Session, wanted: &[(i64, i64)], limit: i64) -> Result<Vec<Event>> {
    let logged = select(session, wanted, limit).await?;
    let events = logged.into_iter().filter_map(|it| it.event);
    Ok(events.map(LoggedEvent::into_event).collect())
}

/// How far a log has come, and one of its events, if any is wanted.
pub(super) struct Logged {
    pub(super) head: Head,
    pub(super) event: Option<LoggedEvent>,
}

pub(super) struct LoggedEvent {
    chat_id: i64,
    pub(super) seq: i64,
    pub(super) kind: EventKind,
    pub(super) at: DateTime<Utc>,
    pub(super) data: Value,
    member: Option<i64>,
    can_read: Option<bool>,
}

/// At least one row for each chat that is there.
pub(super) async fn select(
    system: &Session,
    wanted: &[(i64, i64)],
    limit: i64,
) -> Result<Vec<Logged>> {
    let chats = keys(wanted.iter().map(|it| it.0));
    let seen = keys(wanted.iter().map(|it| it.1));
    let rows = system.sql(SELECT, &[&chats, &seen, &limit.to_string()]).await?;
    rows.into_iter().map(Logged::of).collect()
}

impl LoggedEvent {
    fn into_event(self) -> Event {
        let Self { chat_id, seq, kind, at, data, member, can_read } = self;
        Event { chat_id, seq, kind, at, data: data.to_string(), member, can_read }
    }
}

impl Logged {
    fn of(row: Texts) -> Result<Self> {
        let mut columns = Columns::of(row);
        let head = Head::take(&mut columns)?;
        let Some(seq) = columns.optional()? else { return Ok(Self { head, event: None }) };
        let kind = columns.text()?;
        let kind = EventKind::of(&kind)
            .ok_or_else(|| Error::broken(format!("`{kind}` is no kind of event")))?;
        let at = columns.time()?;
        let about = About {
            message_id: columns.optional()?,
            user_id: columns.optional()?,
            can_read: columns.optional()?,
            emoji: columns.optional_text(),
            by_id: columns.optional()?,
            chat: ChatState::take(&mut columns)?,
            message: Message::take(&mut columns)?,
            member: Member::take(&mut columns)?,
        };
        let data = about.data(kind).to_json();
        let member = about.user_id.filter(|_| kind.is_of_member());
        let can_read = about.can_read;
        let event = LoggedEvent { chat_id: head.chat_id, seq, kind, at, data, member, can_read };
        Ok(Self { head, event: Some(event) })
    }
}

/// What an event is about.
struct About {
    message_id: Option<i64>,
    user_id: Option<i64>,
    can_read: Option<bool>,
    emoji: Option<String>,
    by_id: Option<i64>,
    chat: Option<ChatState>,
    message: Option<Message>,
    member: Option<Member>,
}

impl About {
    fn data(&self, kind: EventKind) -> EventData {
        match kind {
            EventKind::MessageCreated
            | EventKind::MessageEdited
            | EventKind::MessagePinned
            | EventKind::MessageUnpinned => {
                EventData::Message(MessageChanged { message: self.message.to_json() })
            }
            EventKind::MessageDeleted => EventData::Deleted(MessageDeleted {
                message_id: self.message_id,
                message_seq: self.message.as_ref().map(|it| it.seq),
                by_id: self.by_id,
            }),
            EventKind::ReactionAdded | EventKind::ReactionRemoved => {
                EventData::Reactions(ReactionsChanged {
                    message_id: self.message_id,
                    user_id: self.user_id,
                    emoji: self.emoji.clone(),
                    counts: self.message.as_ref().map(|it| it.reactions.clone()),
                })
            }
            EventKind::MemberJoined | EventKind::MemberLeft | EventKind::MemberChanged => {
                EventData::Member(MemberChanged { member: self.member.to_json() })
            }
            EventKind::ChatChanged => EventData::Chat(ChatChanged { chat: self.chat.clone() }),
        }
    }
}

const SELECT: &str = concat!(
    "select ",
    head_columns!(),
    ", event.seq::text, event.kind, ",
    micros!("event.at"),
    ", event.message_id::text, event.user_id::text, event.can_read::text, event.emoji, event.by_id::text, \
     case when event.kind = 'chat.changed' then json_build_object( \
         'id', chat.id, 'name', chat.name, 'kind', chat.kind, 'active', chat.active, \
         'record_model', chat.record_model, 'record_id', chat.record_id)::text end, ",
    message_columns!(),
    ", ",
    member_columns!(),
    " from unnest($1::bigint[], $2::bigint[]) with ordinality as wanted (chat_id, seen, place) \
     join chats chat on chat.id = wanted.chat_id \
     left join lateral ( \
         select * from chat_events it \
         where it.chat_id = wanted.chat_id and it.seq > wanted.seen \
         order by it.seq limit $3::bigint \
     ) event on true \
     left join chat_messages message on message.id = event.message_id \
     left join chat_members member on member.chat_id = event.chat_id \
         and member.user_id = event.user_id and event.kind like 'member.%' \
     order by wanted.place, event.seq"
);
