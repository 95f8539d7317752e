//! The chat of two: there is one for any two users.

use artel_core::Result;
use orm::{Error, Id, Model, Record, Session, Violation};

use crate::{
    Chat, ChatKind, ChatMember,
    chat::{create::users_in_sight, of_record::one_at_a_time},
    gate,
    row::Columns,
};

/// The chat of the asker and a user, and whether it was made just now. Whoever of the two had left
/// it is back in it.
///
/// # Errors
/// Invalid when the asker does not see the user or is the user; denied when they may make no chats.
pub async fn direct(session: &Session, other: i64) -> Result<(Record<Chat>, bool)> {
    gate::may_create(session)?;
    let me = gate::user(session)?;
    if other == me {
        return Err(invalid("own_user"));
    }
    if users_in_sight(session, [other]).await?.is_empty() {
        return Err(invalid("not_found"));
    }
    let (id, is_new) = session
        .transaction(async |tx| {
            let system = tx.as_system("chat.direct");
            one_at_a_time(&system, &format!("users {}, {}", me.min(other), me.max(other))).await?;
            let known = find(&system, [me, other]).await?;
            let is_new = known.is_none();
            let id = match known {
                Some(id) => {
                    // Whoever adds an event holds the chat from the beginning.
                    let this = Chat::ID.eq(id);
                    Chat::query(&system).filter(this).for_update().first().await?;
                    id
                }
                None => Chat::create(&system, Chat::KIND.set(ChatKind::Direct)).await?.id(),
            };
            for user in [me, other] {
                ChatMember::join(&system, (id, ChatKind::Direct), user).await?;
            }
            Ok::<_, artel_core::Error>((id, is_new))
        })
        .await?;
    Ok((Chat::find(session, id).await?, is_new))
}

fn invalid(code: &'static str) -> artel_core::Error {
    Error::invalid(vec![Violation::at_pointer("/user_id", code)]).into()
}

async fn find(system: &Session, users: [i64; 2]) -> Result<Option<Id<Chat>>> {
    let users = users.map(|it| it.to_string());
    let rows = system.sql(FIND, &[&users[0], &users[1]]).await?;
    let found = rows.into_iter().next().map(|it| Columns::of(it).int()).transpose()?;
    Ok(found.map(Id::new))
}

const FIND: &str = "select chat.id::text \
     from chat_members one \
     join chat_members other on other.chat_id = one.chat_id and other.user_id = $2::bigint \
     join chats chat on chat.id = one.chat_id and chat.kind = 'direct' \
     where one.user_id = $1::bigint \
     order by chat.id limit 1";
