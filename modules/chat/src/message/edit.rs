//! Changing what one has said.

use artel_core::{Error, Result};
use orm::{Error as DataError, Id, Model, Record, Session};

use crate::{
    ChatMessage, EventKind,
    attachment::attach,
    gate::{self, Deed, Held},
    log::append::{Entry, append},
    message::{
        send::{check_body, in_chat},
        view::Message,
    },
};

/// Changes the text of a message of the asker's own. The same text again changes nothing.
///
/// # Errors
/// Missing when they do not see the chat, or there is no such message in it any more; denied when it
/// is another's, or they may not write there; invalid for a text of white space without files or a too
/// long one.
pub async fn edit(session: &Session, chat: i64, (id, body): (i64, String)) -> Result<Message> {
    check_body(&body, true)?;
    session
        .transaction(async |tx| {
            let held = gate::hold(tx, chat, Deed::Write).await?;
            let message = said(&held, id).await?;
            if message.author.map(|it| it.id()) != Some(Id::new(held.user)) {
                return Err(Error::denied());
            }
            if body.trim().is_empty() {
                check_body(&body, attach::has_files(&held.system, message.id()).await?)?;
            }
            if message.body.as_deref() != Some(&body) {
                let edited = [ChatMessage::BODY.set(body), ChatMessage::EDITED_AT.set(tx.now())];
                ChatMessage::update(&held.system, id, edited).await?;
                let edited = Entry::of_message(EventKind::MessageEdited, id);
                append(&held.system, held.id(), &[edited]).await?;
            }
            Ok(Message::load(&held.system, id).await?)
        })
        .await
}

/// A message of a chat that is held, unless it was deleted.
///
/// # Errors
/// Missing.
pub(super) async fn said(held: &Held, id: i64) -> Result<Record<ChatMessage>> {
    let this = in_chat(held.id()).and(ChatMessage::ID.eq(id));
    let this = this.and(ChatMessage::DELETED_AT.is_none());
    let found = ChatMessage::query(&held.system).filter(this).first().await?;
    Ok(found.ok_or_else(DataError::missing)?)
}
