//! The end of taking part in a chat, by one's own will or another's.
//!
//! **Invariant:** as long as others are in a group or on a channel, somebody runs it.

use artel_core::{Error, Result};
use orm::{Error as DataError, Id, Model, Session};

use crate::{
    Chat, ChatKind, ChatMember,
    gate::{self, Deed},
};

/// Ends a user's part in a chat: one's own, or as its administrator that of another.
///
/// # Errors
/// Missing when the asker does not see the chat, or the user is not in it; denied when they do not
/// run it, and to the last who does, as long as there are others.
pub async fn remove(session: &Session, chat: i64, user: i64) -> Result<()> {
    session
        .transaction(async |tx| {
            let held = gate::hold(tx, chat, Deed::TakePart).await?;
            let me = held.me().await?;
            if user != held.user && !me.is_admin {
                return Err(Error::denied());
            }
            let member = ChatMember::of(&held.system, held.id(), user).await?;
            let member = member.filter(|it| it.active).ok_or_else(DataError::missing)?;
            let left = [ChatMember::ACTIVE.set(false)];
            ChatMember::update(&held.system, member.id(), left).await?;
            if member.is_admin {
                must_have_admin(&held.system, held.id()).await?;
            }
            Ok(())
        })
        .await
}

/// Asks whether somebody runs a chat, as its members stand now.
///
/// # Errors
/// Denied when nobody does, though there are members, and it is of a kind that somebody runs.
pub(crate) async fn must_have_admin(system: &Session, chat: Id<Chat>) -> orm::Result<()> {
    let here = ChatMember::CHAT.eq(chat).and(ChatMember::ACTIVE.eq(true));
    let members = ChatMember::query(system).filter(here).all().await?;
    let kind = Chat::find(system, chat).await?.kind;
    let needs_admin = matches!(kind, ChatKind::Group | ChatKind::Channel) && !members.is_empty();
    match needs_admin && !members.iter().any(|it| it.is_admin) {
        true => Err(DataError::denied()),
        false => Ok(()),
    }
}
