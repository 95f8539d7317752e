//! Reading files of a chat.

use artel_core::{Ctx, Result, http::Download};
use orm::{Error as DataError, Id, Model};

use crate::{
    ChatAttachment,
    attachment::{Attachment, FOLDER},
    gate,
};

/// A file that was said in a chat, or that whoever asks has brought there.
///
/// # Errors
/// Missing when they do not see the chat, or there is no such file in it for them.
pub async fn read(ctx: &Ctx, chat: i64, id: i64) -> Result<Download> {
    gate::see(ctx, chat).await?;
    let this = ChatAttachment::CHAT.eq(Id::new(chat)).and(ChatAttachment::ID.eq(id));
    let system = ctx.as_system("chat.attachments");
    let found = ChatAttachment::query(&system).filter(this).first().await?;
    let is_open = |it: &ChatAttachment| {
        !it.gone && (it.message.is_some() || it.owner.id().get() == ctx.user_id())
    };
    let found = found.filter(|it| is_open(it)).ok_or_else(DataError::missing)?;
    let size = found.size.ok_or_else(DataError::missing)?;
    Ok(Download {
        name: found.name.clone(),
        content_type: found.content_type.clone(),
        size: u64::try_from(size).unwrap_or_default(),
        bytes: ctx.app().files()?.read((FOLDER, found.key)).await?,
    })
}

/// The files of a message, in the order in which they were brought.
///
/// # Errors
/// Missing when the asker does not see the chat.
pub async fn of_message(ctx: &Ctx, chat: i64, message: i64) -> Result<Vec<Attachment>> {
    gate::see(ctx, chat).await?;
    let this = ChatAttachment::CHAT.eq(Id::new(chat));
    let these = this.and(ChatAttachment::of_message(Id::new(message)));
    let system = ctx.as_system("chat.attachments");
    let found = ChatAttachment::query(&system).filter(these).all().await?;
    Ok(found.iter().map(Attachment::of).collect())
}
