//! What is said in a chat, and what becomes of it.

use std::collections::BTreeMap;

use artel_core::{
    Ctx, Result,
    http::{
        Made, NoContent,
        poem_openapi::{
            self, Object, OpenApi,
            param::{Path, Query},
            payload::Json,
        },
    },
};
use orm::Uuid;

use crate::{
    chat_routes::{HasMore, LIMIT},
    message::{
        delete::delete,
        edit::edit,
        pin::pin,
        react::react,
        send::{NewMessage, send},
        view::Message,
        window::{Ask, Window, messages},
    },
    throttle::Throttle,
};

pub(crate) struct Routes;

/// Messages of a chat, and how far it had come by then.
#[derive(Object)]
struct Messages {
    /// In rising order.
    data: Vec<Message>,
    /// The number of the last event that these know of: who asks for what follows misses nothing.
    as_of_seq: i64,
    epoch: i64,
    page: HasMore,
}

/// What is to be said.
#[derive(Object)]
struct MessageBody {
    #[oai(validator(max_length = 16000))]
    body: String,
    /// What the client calls it: sent again, it is said once.
    client_msg_id: Option<Uuid>,
    /// The message of the same chat that it answers.
    reply_to_id: Option<i64>,
    /// Files that were brought into the chat; at most 10.
    #[oai(validator(max_items = 10))]
    attachment_ids: Option<Vec<i64>>,
}

/// What is said instead.
#[derive(Object)]
struct EditBody {
    #[oai(validator(max_length = 16000))]
    body: String,
}

/// Whether it is to be pinned.
#[derive(Object)]
struct PinBody {
    pinned: bool,
}

/// With which sign.
#[derive(Object)]
struct ReactionBody {
    #[oai(validator(min_length = 1, max_length = 16))]
    emoji: String,
}

/// How many have reacted.
#[derive(Object)]
struct Counts {
    /// With each sign.
    counts: BTreeMap<String, i64>,
}

#[OpenApi(prefix_path = "/chats")]
impl Routes {
    /// Lists messages of a chat: the newest, the newest before a number, or the oldest after one.
    #[oai(path = "/:id/messages", method = "get", operation_id = "messages_of_chat")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn messages_of_chat(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        #[oai(validator(minimum(value = "0")))] before: Query<Option<i64>>,
        #[oai(validator(minimum(value = "0")))] after: Query<Option<i64>>,
        #[oai(validator(minimum(value = "0"), maximum(value = "1000")))] limit: Query<Option<i64>>,
    ) -> Result<Json<Messages>> {
        let limit = limit.0.unwrap_or(LIMIT);
        let ask = Ask { before: before.0, after: after.0, limit };
        let Window { messages, as_of_seq, epoch, has_more } = messages(&ctx, id.0, ask).await?;
        Ok(Json(Messages { data: messages, as_of_seq, epoch, page: HasMore { has_more } }))
    }

    /// Says something; the same `client_msg_id` again gives what was said first.
    #[oai(path = "/:id/messages", method = "post", operation_id = "send_message")]
    async fn send_message(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        body: Json<MessageBody>,
    ) -> Result<Made<Json<Message>>> {
        Throttle::of(ctx.database()).pass(ctx.user_id())?;
        let MessageBody { body, client_msg_id, reply_to_id, attachment_ids } = body.0;
        let attachment_ids = attachment_ids.unwrap_or_default();
        let new = NewMessage { body, client_msg_id, reply_to_id, attachment_ids };
        let sent = send(&ctx, id.0, new).await?;
        let path = format!("/chat_messages/{}", sent.message.id);
        Ok(Made::of((Json(sent.message), sent.is_new), path))
    }

    /// Changes what one has said.
    #[oai(path = "/:id/messages/:message_id", method = "patch", operation_id = "edit_message")]
    async fn edit_message(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        message_id: Path<i64>,
        body: Json<EditBody>,
    ) -> Result<Json<Message>> {
        Ok(Json(edit(&ctx, id.0, (message_id.0, body.0.body)).await?))
    }

    /// Takes back what was said: the text is gone for good.
    #[oai(path = "/:id/messages/:message_id", method = "delete", operation_id = "delete_message")]
    async fn delete_message(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        message_id: Path<i64>,
    ) -> Result<NoContent> {
        delete(&ctx, id.0, message_id.0).await?;
        Ok(NoContent)
    }

    /// Pins a message, or takes it down.
    #[oai(path = "/:id/messages/:message_id/pin", method = "post", operation_id = "pin_message")]
    async fn pin_message(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        message_id: Path<i64>,
        body: Json<PinBody>,
    ) -> Result<Json<Message>> {
        Ok(Json(pin(&ctx, id.0, (message_id.0, body.0.pinned)).await?))
    }

    /// Reacts to a message; the same sign again takes it back.
    #[oai(
        path = "/:id/messages/:message_id/reactions",
        method = "post",
        operation_id = "react_to_message"
    )]
    async fn react_to_message(
        &self,
        ctx: Ctx,
        id: Path<i64>,
        message_id: Path<i64>,
        body: Json<ReactionBody>,
    ) -> Result<Json<Counts>> {
        let counts = react(&ctx, id.0, (message_id.0, body.0.emoji)).await?;
        Ok(Json(Counts { counts }))
    }
}
