//! A message as everybody in its chat sees it: in windows, answers and events.

use std::collections::BTreeMap;

use artel_core::http::{
    Moment,
    poem_openapi::{self, Object},
};
use orm::{Record, Result, Session, Uuid};
use schemars::JsonSchema;

use crate::{
    ChatMessage,
    row::{self, Columns},
};

/// What somebody said in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Object, JsonSchema)]
pub struct Message {
    pub id: i64,
    pub chat_id: i64,
    /// The number of the event that it came with.
    pub seq: i64,
    /// Who said it; without one, the system.
    pub author_id: Option<i64>,
    /// What was said; none when it is deleted.
    pub body: Option<String>,
    /// The message that it answers.
    pub reply_to_id: Option<i64>,
    /// What its author's client calls it.
    #[schemars(with = "Option<String>", extend("format" = "uuid"))]
    pub client_msg_id: Option<Uuid>,
    pub pinned: bool,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Moment,
    /// When it was last changed, if it was.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub edited_at: Option<Moment>,
    /// When it was deleted, if it was.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub deleted_at: Option<Moment>,
    /// How many have reacted to it with each sign.
    pub reactions: BTreeMap<String, i64>,
    /// The ids of the files that it came with.
    pub attachments: Vec<i64>,
}

/// The columns of a message, as [`Message::take`] takes them.
macro_rules! message_columns {
    () => {
        concat!(
            "message.id::text, message.chat_id::text, message.seq::text, ",
            "message.author_id::text, message.body, message.reply_to_id::text, ",
            "message.client_msg_id::text, message.pinned::text, ",
            $crate::row::micros!("message.created_at"),
            ", ",
            $crate::row::micros!("message.edited_at"),
            ", ",
            $crate::row::micros!("message.deleted_at"),
            ", (select json_object_agg(it.emoji, it.count)::text from ( \
                 select emoji, count(*) from chat_reactions \
                 where message_id = message.id group by emoji) it)",
            ", (select json_agg(it.id order by it.id)::text from chat_attachments it \
                 where it.message_id = message.id)"
        )
    };
}
pub(crate) use message_columns;

impl Message {
    /// The next columns of a row; nothing when there is no message in it.
    pub(crate) fn take(columns: &mut Columns) -> Result<Option<Self>> {
        let Some(id) = columns.optional()? else {
            (1..13).for_each(|_| _ = columns.optional_text());
            return Ok(None);
        };
        Ok(Some(Self {
            id,
            chat_id: columns.int()?,
            seq: columns.int()?,
            author_id: columns.optional()?,
            body: columns.optional_text(),
            reply_to_id: columns.optional()?,
            client_msg_id: columns.optional()?,
            pinned: columns.flag()?,
            created_at: Moment(columns.time()?),
            edited_at: columns.optional_time()?.map(Moment),
            deleted_at: columns.optional_time()?.map(Moment),
            reactions: columns.counts()?,
            attachments: columns.json()?.unwrap_or_default(),
        }))
    }

    /// A message that was written just now with these files: nobody has reacted to it.
    pub(crate) fn fresh(it: &Record<ChatMessage>, attachments: Vec<i64>) -> Self {
        Self {
            id: it.id().get(),
            chat_id: it.chat.id().get(),
            seq: it.seq,
            author_id: it.author.map(|it| it.id().get()),
            body: it.body.clone(),
            reply_to_id: it.reply_to.map(|it| it.id().get()),
            client_msg_id: it.client_msg_id,
            pinned: it.pinned,
            created_at: Moment(it.created_at()),
            edited_at: it.edited_at.map(Moment),
            deleted_at: it.deleted_at.map(Moment),
            reactions: BTreeMap::new(),
            attachments,
        }
    }

    /// A message as it stands now.
    ///
    /// # Errors
    /// Broken when it is not there.
    pub(crate) async fn load(system: &Session, id: i64) -> Result<Self> {
        let rows = system.sql(LOAD, &[&id.to_string()]).await?;
        let message = Self::take(&mut row::only(rows)?)?;
        message.ok_or_else(orm::Error::missing)
    }
}

const LOAD: &str = concat!(
    "select ",
    message_columns!(),
    " from chat_messages message where message.id = $1::bigint"
);
