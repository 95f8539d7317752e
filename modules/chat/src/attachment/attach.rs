//! Saying files with a message, and letting go of them with it.

use std::sync::Arc;

use artel_core::{App, Error, Result};
use orm::{Cond, Id, Model, Session, Violation};

use crate::{ChatAttachment, ChatMessage, attachment::sweep::sweep, gate::Held};

/// Files of one message.
pub const ATTACHMENTS_MAX: usize = 10;

/// Whether files can be said by whoever holds the chat: they have brought them there, and have not
/// said them yet.
///
/// # Errors
/// Invalid, with the place of each that cannot.
pub(crate) async fn check(held: &Held, files: &[i64]) -> Result<()> {
    if files.len() > ATTACHMENTS_MAX {
        let too_many = Violation::at_pointer("/attachment_ids", "too_many");
        return Err(Error::invalid(vec![too_many.with("max", ATTACHMENTS_MAX)]));
    }
    if files.is_empty() {
        return Ok(());
    }
    let these = own_unsaid(held).and(ChatAttachment::ID.one_of(files.iter().copied()));
    let found = ChatAttachment::query(&held.system).filter(these).for_update().all().await?;
    let mut faults = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let code = if files[..at].contains(file) {
            "duplicate"
        } else if found.iter().any(|it| it.id().get() == *file) {
            continue;
        } else {
            "not_found"
        };
        faults.push(Violation::at_pointer(format!("/attachment_ids/{at}"), code));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Says files with a message that was written just now; they have been checked.
///
/// # Errors
/// What the database says.
pub(crate) async fn attach(held: &Held, message: Id<ChatMessage>, files: &[i64]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let these = ChatAttachment::ID.one_of(files.iter().copied());
    let said = [ChatAttachment::MESSAGE.set(message)];
    ChatAttachment::update_where(&held.system, these, said, ATTACHMENTS_MAX as i64).await?;
    Ok(())
}

/// Whether a message has files.
///
/// # Errors
/// What the database says.
pub(crate) async fn has_files(system: &Session, message: Id<ChatMessage>) -> Result<bool> {
    Ok(ChatAttachment::query(system).filter(ChatAttachment::of_message(message)).exists().await?)
}

/// Lets go of the files of a message: their bytes go once the transaction stands.
///
/// # Errors
/// What the database says.
pub(crate) async fn let_go(
    app: &Arc<App>,
    system: &Session,
    message: Id<ChatMessage>,
) -> Result<()> {
    let gone = [ChatAttachment::GONE.set(true), ChatAttachment::MESSAGE.set(None::<Id<_>>)];
    let these = ChatAttachment::of_message(message);
    if ChatAttachment::update_where(system, these, gone, ATTACHMENTS_MAX as i64).await? > 0 {
        let app = app.clone();
        system.after_commit(move || {
            Box::pin(async move {
                if let Err(error) = sweep(&app).await {
                    tracing::warn!(%error, "files of a deleted message go with the next sweep");
                }
            })
        });
    }
    Ok(())
}

fn own_unsaid(held: &Held) -> Cond<ChatAttachment> {
    let own = ChatAttachment::CHAT.eq(held.id()).and(ChatAttachment::OWNER.eq(Id::new(held.user)));
    // Whole, that is.
    ChatAttachment::unsaid().and(own).and(ChatAttachment::SIZE.gte(0))
}
