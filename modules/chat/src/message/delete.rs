//! Taking back what was said: its text, its files and all reactions to it are gone for good; that there
//! was a message stays.

use artel_core::{Ctx, Error, Result};
use orm::{Id, Model};

use crate::{
    ChatMessage, ChatReaction, EventKind,
    attachment::attach,
    gate::{self, Deed},
    log::append::{Entry, append},
    message::edit::said,
};

/// Deletes a message of the asker's own, or with that right another's.
///
/// # Errors
/// Missing when they do not see the chat, or there is no such message in it any more; denied when it
/// is another's and they may not.
pub async fn delete(ctx: &Ctx, chat: i64, id: i64) -> Result<()> {
    ctx.transaction(async |tx| {
        let held = gate::hold(tx, chat, Deed::TakePart).await?;
        let message = said(&held, id).await?;
        if message.author.map(|it| it.id()) != Some(Id::new(held.user)) {
            let me = held.me().await?;
            if !(me.can_delete_others || me.is_admin) {
                return Err(Error::denied());
            }
        }
        let gone = [
            ChatMessage::BODY.set(None::<String>),
            ChatMessage::PINNED.set(false),
            ChatMessage::DELETED_AT.set(tx.now()),
        ];
        ChatMessage::update(&held.system, id, gone).await?;
        let reactions = ChatReaction::MESSAGE.eq(Id::new(id));
        ChatReaction::delete_where(&held.system, reactions, i64::MAX).await?;
        attach::let_go(ctx.app(), &held.system, Id::new(id)).await?;
        let deleted = Entry::of_message(EventKind::MessageDeleted, id);
        append(&held.system, held.id(), &[deleted]).await?;
        Ok(())
    })
    .await
}
