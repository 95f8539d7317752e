//! A new group or channel, with those who are to be in it.

use std::collections::BTreeSet;

use artel_core::Result;
use orm::{Change, Changes, Error, Id, Model, Record, Session, Violation};
use users::User;

use crate::{Chat, ChatKind, ChatMember, gate};

/// How many others may be named with a new chat.
pub const OTHERS_MAX: usize = 1_000;

/// A chat that is to be made.
#[derive(Debug, Clone)]
pub struct NewChat {
    /// A group or a channel: others are made by whom or what they are for.
    pub kind: ChatKind,
    /// What it is called.
    pub name: Option<String>,
    /// The others in it.
    pub members: Vec<i64>,
}

/// Makes a chat: the asker runs it, the others are members.
///
/// # Errors
/// Denied without a grant to make chats; invalid, with every fault: another kind, or users whom
/// the asker does not see.
pub async fn create(session: &Session, new: NewChat) -> Result<Record<Chat>> {
    gate::may_create(session)?;
    let me = gate::user(session)?;
    if !matches!(new.kind, ChatKind::Group | ChatKind::Channel) {
        let choices = "group, channel";
        let fault = Violation::at_pointer("/kind", "choice").with("choices", choices);
        return Err(Error::invalid(vec![fault]).into());
    }
    let others = others(session, &new.members, me).await?;
    let id = session
        .transaction(async |tx| {
            let system = tx.as_system("chat.create");
            let chat = [Chat::KIND.set(new.kind), Chat::NAME.set(new.name)];
            let chat = Chat::create(&system, chat).await?.id();
            let mut members = vec![maker(chat, me, new.kind)];
            members.extend(
                others.iter().map(|it| Changes::from(ChatMember::of_kind(chat, *it, new.kind))),
            );
            ChatMember::create_many(&system, members).await?;
            Ok::<_, artel_core::Error>(chat)
        })
        .await?;
    Ok(Chat::find(session, id).await?)
}

fn maker(chat: Id<Chat>, user: i64, kind: ChatKind) -> Changes<ChatMember> {
    let all = [
        ChatMember::IS_ADMIN.set(true),
        ChatMember::CAN_WRITE.set(true),
        ChatMember::CAN_PIN.set(true),
        ChatMember::CAN_INVITE.set(true),
        ChatMember::CAN_DELETE_OTHERS.set(true),
    ];
    let usual: Vec<Change<ChatMember>> = ChatMember::of_kind(chat, user, kind);
    usual.into_iter().chain(all).collect()
}

/// The users of a list but the asker, each once.
async fn others(session: &Session, list: &[i64], me: i64) -> Result<BTreeSet<i64>> {
    let others: BTreeSet<i64> = list.iter().copied().filter(|it| *it != me).collect();
    if others.is_empty() {
        return Ok(others);
    }
    let seen = users_in_sight(session, others.iter().copied()).await?;
    let hidden = list.iter().enumerate().filter(|it| *it.1 != me && !seen.contains(it.1));
    let faults: Vec<Violation> = hidden
        .map(|(at, _)| Violation::at_pointer(format!("/member_ids/{at}"), "not_found"))
        .collect();
    if faults.is_empty() { Ok(others) } else { Err(Error::invalid(faults).into()) }
}

/// Those of some users whom the asker sees and who can sign in.
///
/// # Errors
/// When the database is away.
pub(crate) async fn users_in_sight(
    session: &Session,
    ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeSet<i64>> {
    let these = User::ID.one_of(ids).and(User::ACTIVE.eq(true));
    let found = User::query(session).filter(these).all().await?;
    Ok(found.iter().map(|it| it.id().get()).collect())
}
