//! Saying something in a chat, once however often it is sent.

use artel_core::{Error, Result};
use orm::{Cond, Error as DataError, Id, Model, Session, Uuid, Violation};

use crate::{
    Chat, ChatMessage, EventKind,
    attachment::attach,
    gate::{self, Deed, Held},
    log::append::{Entry, append},
    message::view::Message,
};

/// The longest text, in Unicode scalars.
pub const BODY_MAX: usize = 16_000;

/// What somebody is about to say.
#[derive(Debug, Clone, Default)]
pub struct NewMessage {
    /// The text.
    pub body: String,
    /// What its author's client calls it.
    pub client_msg_id: Option<Uuid>,
    /// The message of the same chat that it answers.
    pub reply_to_id: Option<i64>,
    /// Files that its author has brought into the chat.
    pub attachment_ids: Vec<i64>,
}

/// What was said.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The message, as it stands now.
    pub message: Message,
    /// Whether it was said just now, or had been sent before.
    pub is_new: bool,
}

/// Says something. What comes with the `client_msg_id` of an earlier message of the same author in
/// the same chat is that message, whatever has become of it.
///
/// # Errors
/// Missing when the asker does not see the chat, denied when they may not write there; invalid for
/// a text of white space without files, one that is too long, an answer to a message of another chat,
/// and a file that the asker has not brought into this one or has said already.
pub async fn send(session: &Session, chat: i64, new: NewMessage) -> Result<Sent> {
    check_body(&new.body, !new.attachment_ids.is_empty())?;
    session
        .transaction(async |tx| {
            let held = gate::hold(tx, chat, Deed::Write).await?;
            if let Some(earlier) = earlier(&held, &new).await? {
                let message = Message::load(&held.system, earlier.get()).await?;
                return Ok(Sent { message, is_new: false });
            }
            check_answered(&held, &new).await?;
            attach::check(&held, &new.attachment_ids).await?;
            let message = write(&held, new).await?;
            Ok(Sent { message, is_new: true })
        })
        .await
}

/// What is wrong with a text, if anything; with files it may be empty.
///
/// # Errors
/// Invalid.
pub(super) fn check_body(body: &str, has_files: bool) -> Result<()> {
    let fault = |code| Violation::at_pointer("/body", code);
    let fault = if body.trim().is_empty() && !has_files {
        fault("required")
    } else if body.contains('\0') {
        fault("invalid")
    } else if body.chars().count() > BODY_MAX {
        fault("too_long").with("max", BODY_MAX)
    } else {
        return Ok(());
    };
    Err(DataError::invalid(vec![fault]).into())
}

async fn earlier(held: &Held, new: &NewMessage) -> Result<Option<Id<ChatMessage>>> {
    let Some(name) = new.client_msg_id else { return Ok(None) };
    let own = in_chat(held.id()).and(ChatMessage::AUTHOR.eq(Id::new(held.user)));
    let this = own.and(ChatMessage::CLIENT_MSG_ID.eq(name));
    let found = ChatMessage::query(&held.system).filter(this).first().await?;
    Ok(found.map(|it| it.id()))
}

async fn check_answered(held: &Held, new: &NewMessage) -> Result<()> {
    let Some(answered) = new.reply_to_id else { return Ok(()) };
    let this = in_chat(held.id()).and(ChatMessage::ID.eq(answered));
    if ChatMessage::query(&held.system).filter(this).exists().await? {
        return Ok(());
    }
    Err(Error::invalid(vec![Violation::at_pointer("/reply_to_id", "not_found")]))
}

async fn write(held: &Held, new: NewMessage) -> Result<Message> {
    let NewMessage { body, client_msg_id, reply_to_id, mut attachment_ids } = new;
    // Nobody else counts in this chat while it is held.
    let seq = held.chat.last_seq + 1;
    let message = [
        ChatMessage::CHAT.set(held.id()),
        ChatMessage::AUTHOR.set(Id::new(held.user)),
        ChatMessage::SEQ.set(seq),
        ChatMessage::BODY.set(body),
        ChatMessage::REPLY_TO.set(reply_to_id.map(Id::new)),
        ChatMessage::CLIENT_MSG_ID.set(client_msg_id),
    ];
    let message = ChatMessage::create(&held.system, message).await?;
    attach::attach(held, message.id(), &attachment_ids).await?;
    attachment_ids.sort_unstable();
    let created = Entry::of_message(EventKind::MessageCreated, message.id().get());
    match append(&held.system, held.id(), &[created]).await? {
        counted if counted == seq => Ok(Message::fresh(&message, attachment_ids)),
        counted => Err(Error::broken(format!("event {counted} is that of message {seq}"))),
    }
}

/// The messages of a chat.
pub(super) fn in_chat(chat: Id<Chat>) -> Cond<ChatMessage> {
    ChatMessage::CHAT.eq(chat)
}
