//! Keeping a message where everybody finds it.

use artel_core::Result;
use orm::{Model, Session};

use crate::{
    ChatMessage, EventKind,
    gate::{self, Deed},
    log::append::{Entry, append},
    message::{edit::said, view::Message},
};

/// Pins a message, or takes it down; as it is already, nothing changes.
///
/// # Errors
/// Missing when the asker does not see the chat, or there is no such message in it any more; denied
/// when they may not pin.
pub async fn pin(session: &Session, chat: i64, (id, pinned): (i64, bool)) -> Result<Message> {
    session
        .transaction(async |tx| {
            let held = gate::hold(tx, chat, Deed::Pin).await?;
            if said(&held, id).await?.pinned != pinned {
                ChatMessage::update(&held.system, id, ChatMessage::PINNED.set(pinned)).await?;
                let kind =
                    if pinned { EventKind::MessagePinned } else { EventKind::MessageUnpinned };
                append(&held.system, held.id(), &[Entry::of_message(kind, id)]).await?;
            }
            Ok(Message::load(&held.system, id).await?)
        })
        .await
}
