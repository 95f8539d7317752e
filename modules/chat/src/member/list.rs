//! Those who take part in a chat.

use artel_core::Result;
use orm::{Model, Session};

use crate::{ChatMember, gate, member::view::Member};

/// Those who take part in a chat now, in the order in which they first came.
///
/// # Errors
/// Missing when the asker does not see the chat.
pub async fn members(session: &Session, chat: i64) -> Result<Vec<Member>> {
    let chat = gate::see(session, chat).await?.id();
    let system = session.as_system("chat.members");
    let here = ChatMember::CHAT.eq(chat).and(ChatMember::ACTIVE.eq(true));
    let found = ChatMember::query(&system).filter(here).order(ChatMember::ID).all().await?;
    Ok(found.iter().map(Member::from).collect())
}
