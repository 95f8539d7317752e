//! Bringing a file into a chat, to be said later.

use artel_core::{
    App, Ctx, Error, Result,
    http::{Upload, content_type_of},
};
use orm::{Id, Model, Record, Session, Uuid, Violation};

use crate::{
    ChatAttachment,
    attachment::{Attachment, FOLDER},
    gate::{self, Deed},
};

/// The longest name of a file, in Unicode scalars.
const NAME_MAX: usize = 255;

/// Files of one user that are brought and not said, in all chats.
const UNSAID_MAX: i64 = 100;

/// Puts a file away in the name of whoever asks, who may write in the chat.
///
/// # Errors
/// Missing when they do not see the chat, denied when they may not write there; too large; invalid
/// for a name that is none, and when too many are waiting to be said; unavailable when the disk is
/// full.
pub async fn bring(ctx: &Ctx, chat: i64, name: String, file: Upload) -> Result<Attachment> {
    check_name(&name)?;
    let app: &App = ctx.app();
    let limit = app.settings.chat.attachment_limit;
    // Before a byte is read: nobody fills the disk for a chat that they may not write in.
    let row = ctx.transaction(async |tx| begin(tx, chat, name).await).await?;
    let system = ctx.as_system("chat.attachments");
    let put = app.files()?.put((FOLDER, row.key), file.pieces(limit)).await;
    let stored = match put {
        Ok(stored) => stored,
        Err(error) => {
            // What cannot be undone now, the sweep undoes.
            let _ = ChatAttachment::delete(&system, row.id()).await;
            return Err(error);
        }
    };
    let whole = [
        ChatAttachment::CONTENT_TYPE.set(content_type_of(&stored.head)),
        ChatAttachment::SIZE.set(i64::try_from(stored.size).ok()),
    ];
    Ok(Attachment::of(&ChatAttachment::update(&system, row.id(), whole).await?))
}

/// The row of a file that is about to come.
async fn begin(tx: &Session, chat: i64, name: String) -> Result<Record<ChatAttachment>> {
    let held = gate::hold(tx, chat, Deed::Write).await?;
    let owner = Id::new(held.user);
    let unsaid = ChatAttachment::unsaid().and(ChatAttachment::OWNER.eq(owner));
    let unsaid = ChatAttachment::query(&held.system).filter(unsaid).count().await?;
    if unsaid >= UNSAID_MAX {
        let too_many = Violation::at_pointer("", "too_many").with("max", UNSAID_MAX);
        return Err(Error::invalid(vec![too_many]));
    }
    let new = [
        ChatAttachment::CHAT.set(held.id()),
        ChatAttachment::OWNER.set(owner),
        ChatAttachment::NAME.set(name),
        ChatAttachment::CONTENT_TYPE.set(content_type_of(&[])),
        ChatAttachment::KEY.set(Uuid::new_v4()),
    ];
    Ok(ChatAttachment::create(&held.system, new).await?)
}

fn check_name(name: &str) -> Result<()> {
    let is_good = !name.trim().is_empty()
        && name.chars().count() <= NAME_MAX
        && !name.chars().any(char::is_control);
    match is_good {
        true => Ok(()),
        false => Err(Error::bad_parameter(Violation::at_parameter("name", "bad_parameter"))),
    }
}
