//! Chats as a whole: making them, finding one's own, catching up with one.

use artel_core::{
    Answer, Ctx, Result,
    http::{
        Choice, Created, Made, Moment, NotNull,
        poem_openapi::{
            self, Object, OpenApi,
            param::{Path, Query},
            payload::Json,
        },
    },
};
use orm::{Record, Selection};
use serde_json::Value;

use crate::{
    Chat, ChatKind,
    chat::{
        create::{NewChat, OTHERS_MAX, create},
        direct::direct,
        mine::{MyChat, mine},
        of_record::of_record,
    },
    log::catch_up::{self, CatchUp, Missed},
    message::view::Message,
};

pub(crate) struct Routes;

/// How many come in a page where nobody says.
pub(crate) const LIMIT: i64 = 50;

/// A group or a channel.
#[derive(Object)]
struct ChatBody {
    /// `group` or `channel`.
    kind: Choice<MadeKind>,
    #[oai(validator(max_length = 200))]
    name: Option<String>,
    /// The users who are in it from the beginning, beside whoever makes it.
    #[oai(validator(max_items = 1000))]
    member_ids: NotNull<Vec<i64>>,
}

const _: () = assert!(OTHERS_MAX == 1_000, "the limit of the body is that of the chat");

/// The kinds of chat that are made by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Selection)]
enum MadeKind {
    Group,
    Channel,
}

/// With whom.
#[derive(Object)]
struct DirectBody {
    user_id: i64,
}

/// About which record.
#[derive(Object)]
struct RecordBody {
    /// The collection of the record: `tasks`.
    #[oai(validator(max_length = 63))]
    record_model: String,
    record_id: i64,
}

/// One's own chats.
#[derive(Object)]
struct MyChats {
    data: Vec<MyChatView>,
    page: MyChatsPage,
}

/// Whether there are more.
#[derive(Object)]
pub(crate) struct HasMore {
    pub(crate) has_more: bool,
}

/// Whether there are more, and where to go on.
#[derive(Object)]
struct MyChatsPage {
    has_more: bool,
    #[oai(skip_serializing_if_is_none)]
    next_cursor: Option<String>,
}

/// One of one's own chats.
#[derive(Object)]
struct MyChatView {
    chat_id: i64,
    name: Option<String>,
    /// `direct`, `group`, `channel` or `record`.
    kind: String,
    /// The number of its last event.
    last_seq: i64,
    /// How far one has read.
    read_seq: i64,
    /// Messages of others behind that.
    unread: i64,
    epoch: i64,
    /// Until when it is muted for oneself.
    muted_until: Option<Moment>,
    /// What was said last.
    last_message: Option<Message>,
}

/// What was missed; or that all that is known must be dropped and windows be read.
#[derive(Object)]
struct Events {
    /// In rising order.
    #[oai(skip_serializing_if_is_none)]
    data: Option<Vec<EventView>>,
    /// Whether all that is known must be dropped.
    #[oai(skip_serializing_if_is_none)]
    reset: Option<bool>,
    /// The number of the last event that this knows of.
    as_of_seq: i64,
    epoch: i64,
    #[oai(skip_serializing_if_is_none)]
    page: Option<HasMore>,
}

/// Something that happened.
#[derive(Object)]
struct EventView {
    seq: i64,
    /// `message.created`, `member.left`.
    kind: String,
    at: Moment,
    /// What there is to say of it.
    data: Value,
}

#[OpenApi(prefix_path = "/chats")]
impl Routes {
    /// Makes a group or a channel, which whoever makes it runs.
    #[oai(path = "/", method = "post", operation_id = "create_chat")]
    async fn create_chat(
        &self,
        ctx: Ctx,
        body: Json<ChatBody>,
    ) -> Result<Created<Answer<Record<Chat>>>> {
        let ChatBody { kind, name, member_ids } = body.0;
        let kind = match kind.0 {
            MadeKind::Group => ChatKind::Group,
            MadeKind::Channel => ChatKind::Channel,
        };
        let members = member_ids.0.unwrap_or_default();
        let chat = create(&ctx, NewChat { kind, name, members }).await?;
        let path = path(&chat);
        Ok(Created { what: Answer(chat), path })
    }

    /// Lists one's own chats, those first in which something was said last.
    #[oai(path = "/mine", method = "get", operation_id = "my_chats")]
    async fn my_chats(
        &self,
        ctx: Ctx,
        #[oai(validator(minimum(value = "0"), maximum(value = "1000")))] limit: Query<Option<i64>>,
        cursor: Query<Option<String>>,
    ) -> Result<Json<MyChats>> {
        let mine = mine(&ctx, limit.0.unwrap_or(LIMIT), cursor.0.as_deref()).await?;
        let page = MyChatsPage { has_more: mine.has_more, next_cursor: mine.next_cursor };
        let data = mine.chats.into_iter().map(MyChatView::of).collect();
        Ok(Json(MyChats { data, page }))
    }

    /// Gives the chat with a user, and makes it where there is none.
    #[oai(path = "/direct", method = "post", operation_id = "direct_chat")]
    async fn direct_chat(
        &self,
        ctx: Ctx,
        body: Json<DirectBody>,
    ) -> Result<Made<Answer<Record<Chat>>>> {
        Ok(made(direct(&ctx, body.0.user_id).await?))
    }

    /// Gives the chat about a record, and makes it where there is none.
    #[oai(path = "/record", method = "post", operation_id = "chat_of_record")]
    async fn chat_of_record(
        &self,
        ctx: Ctx,
        body: Json<RecordBody>,
    ) -> Result<Made<Answer<Record<Chat>>>> {
        let RecordBody { record_model, record_id } = body.0;
        Ok(made(of_record(&ctx, (&record_model, record_id)).await?))
    }

    /// Lists what has happened in a chat after a number, to catch up.
    #[oai(path = "/:id/events", method = "get", operation_id = "chat_events")]
    async fn chat_events(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        #[oai(validator(minimum(value = "0")))] after: Query<Option<i64>>,
        #[oai(validator(minimum(value = "0"), maximum(value = "1000")))] limit: Query<Option<i64>>,
    ) -> Result<Json<Events>> {
        let (after, limit) = (after.0.unwrap_or_default(), limit.0.unwrap_or(LIMIT));
        let caught_up = catch_up::events(&ctx, id.0, (after, limit)).await?;
        Ok(Json(Events::of(caught_up)))
    }
}

fn path(chat: &Record<Chat>) -> String {
    format!("/chats/{}", chat.id())
}

fn made((chat, is_new): (Record<Chat>, bool)) -> Made<Answer<Record<Chat>>> {
    let path = path(&chat);
    Made::of((Answer(chat), is_new), path)
}

impl MyChatView {
    fn of(it: MyChat) -> Self {
        Self {
            chat_id: it.chat_id,
            name: it.name,
            kind: it.kind,
            last_seq: it.last_seq,
            read_seq: it.read_seq,
            unread: it.unread,
            epoch: it.epoch,
            muted_until: it.muted_until.map(Moment),
            last_message: it.last_message,
        }
    }
}

impl Events {
    fn of(it: CatchUp) -> Self {
        let CatchUp { head, events, has_more } = it;
        let is_reset = events.is_none();
        Self {
            data: events.map(|it| it.into_iter().map(EventView::of).collect()),
            reset: is_reset.then_some(true),
            as_of_seq: head.last_seq,
            epoch: head.epoch,
            page: (!is_reset).then_some(HasMore { has_more }),
        }
    }
}

impl EventView {
    fn of(it: Missed) -> Self {
        Self { seq: it.seq, kind: it.kind.as_str().to_owned(), at: Moment(it.at), data: it.data }
    }
}
