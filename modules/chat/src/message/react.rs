//! Saying in one sign what one thinks of a message, and taking it back.

use std::collections::BTreeMap;

use artel_core::Result;
use orm::{Error, Id, Model, Session, Violation};

use crate::{
    ChatReaction, EventKind,
    gate::{self, Deed},
    log::append::{Entry, append},
    message::{edit::said, view::Message},
};

/// The longest sign, in Unicode scalars: a family of four takes seven.
pub const EMOJI_MAX: usize = 16;

/// Reacts to a message, or takes the same reaction back; how many have reacted with each sign.
///
/// # Errors
/// Missing when the asker does not see the chat, or there is no such message in it any more; invalid
/// for what is no sign.
pub async fn react(
    session: &Session,
    chat: i64,
    (id, emoji): (i64, String),
) -> Result<BTreeMap<String, i64>> {
    check_emoji(&emoji)?;
    session
        .transaction(async |tx| {
            let held = gate::hold(tx, chat, Deed::TakePart).await?;
            said(&held, id).await?;
            let this = ChatReaction::MESSAGE
                .eq(Id::new(id))
                .and(ChatReaction::USER.eq(Id::new(held.user)))
                .and(ChatReaction::EMOJI.eq(emoji.as_str()));
            let known = ChatReaction::query(&held.system).filter(this).first().await?;
            let kind = match known {
                Some(reaction) => {
                    ChatReaction::delete(&held.system, reaction.id()).await?;
                    EventKind::ReactionRemoved
                }
                None => {
                    let reaction = [
                        ChatReaction::MESSAGE.set(Id::new(id)),
                        ChatReaction::USER.set(Id::new(held.user)),
                        ChatReaction::EMOJI.set(emoji.as_str()),
                    ];
                    ChatReaction::create(&held.system, reaction).await?;
                    EventKind::ReactionAdded
                }
            };
            let entry =
                Entry { user: Some(held.user), emoji: Some(emoji), ..Entry::of_message(kind, id) };
            append(&held.system, held.id(), &[entry]).await?;
            Ok(Message::load(&held.system, id).await?.reactions)
        })
        .await
}

/// Whether it may be a sign: what one is, Unicode says anew each year.
fn check_emoji(emoji: &str) -> Result<()> {
    let fault = |code| Violation::at_pointer("/emoji", code);
    let is_stray = |it: char| it.is_whitespace() || it.is_control();
    let fault = if emoji.is_empty() {
        fault("required")
    } else if emoji.chars().count() > EMOJI_MAX {
        fault("too_long").with("max", EMOJI_MAX)
    } else if emoji.contains(is_stray) {
        fault("invalid")
    } else {
        return Ok(());
    };
    Err(Error::invalid(vec![fault]).into())
}
