//! Who takes part in a chat, and what they may do there.
//!
//! **Invariant:** how far somebody has read and what they have muted is not here but in
//! [`mark`], whose rows are seen by their owner alone: a field that is not there can be reached by
//! no filter, sort or expand.

pub mod invite;
pub mod list;
pub mod mark;
pub mod remove;
pub mod view;

use std::collections::BTreeMap;

use orm::{Change, ChangeSet, Cond, Id, ME, Many2One, Model, Record, Result, Session, Verb};
use users::User;

use crate::{
    Chat, ChatKind, EventKind,
    log::append::{Entry, append},
};

/// Somebody who takes part in a chat, or did.
#[derive(Debug, Clone, Model)]
#[model(table = "chat_members", order = "id", child_of = "chat", unique = "chat, user")]
#[model(routes = "changing", after = log)]
pub struct ChatMember {
    #[field(read_only)]
    pub chat: Many2One<Chat>,
    #[field(on_delete = "restrict", index, read_only)]
    pub user: Many2One<User>,
    /// Whether they take part now.
    #[field(default = true, read_only)]
    pub active: bool,
    /// May do all of this, rename and archive the chat, and say who may do what.
    #[field(default = false, label = "Administrator")]
    pub is_admin: bool,
    #[field(default = true)]
    pub can_read: bool,
    #[field(default = false)]
    pub can_write: bool,
    #[field(default = false)]
    pub can_pin: bool,
    #[field(default = false)]
    pub can_invite: bool,
    /// May delete what others have written.
    #[field(default = false)]
    pub can_delete_others: bool,
}

impl ChatMember {
    /// The one who asks, as long as they take part.
    pub(crate) fn is_me() -> Cond<Self> {
        Self::USER.is(ME).and(Self::ACTIVE.eq(true))
    }

    /// What a new member of a chat may do.
    pub(crate) fn of_kind(chat: Id<Chat>, user: i64, kind: ChatKind) -> Vec<Change<Self>> {
        let writes = kind != ChatKind::Channel;
        vec![
            Self::CHAT.set(chat),
            Self::USER.set(Id::new(user)),
            Self::ACTIVE.set(true),
            Self::IS_ADMIN.set(false),
            Self::CAN_READ.set(true),
            Self::CAN_WRITE.set(writes),
            Self::CAN_PIN.set(kind == ChatKind::Direct),
            Self::CAN_INVITE.set(false),
            Self::CAN_DELETE_OTHERS.set(false),
        ]
    }

    /// Lets a user take part who does not, with what a new member may do; whether they did not.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn join(
        system: &Session,
        (chat, kind): (Id<Chat>, ChatKind),
        user: i64,
    ) -> Result<bool> {
        match Self::of(system, chat, user).await? {
            Some(member) if member.active => return Ok(false),
            Some(left) => {
                let again = Self::of_kind(chat, user, kind).into_iter().skip(2);
                Self::update(system, left.id(), again.collect::<Vec<_>>()).await?;
            }
            None => {
                Self::create(system, Self::of_kind(chat, user, kind)).await?;
            }
        }
        Ok(true)
    }

    /// The row of a user in a chat, be they in it or not any more.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn of(
        system: &Session,
        chat: Id<Chat>,
        user: i64,
    ) -> Result<Option<Record<Self>>> {
        let this = Self::CHAT.eq(chat).and(Self::USER.eq(Id::new(user)));
        Self::query(system).filter(this).first().await
    }

    fn flags(&self) -> [bool; 6] {
        let Self { is_admin, can_read, can_write, can_pin, can_invite, can_delete_others, .. } =
            self;
        [*is_admin, *can_read, *can_write, *can_pin, *can_invite, *can_delete_others]
    }
}

/// Writes what has become of members into the logs of their chats.
async fn log(session: &Session, set: &ChangeSet<ChatMember>) -> Result<()> {
    if set.verb() == Verb::Delete {
        return Ok(());
    }
    let mut of_chat: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    let mut deposed = Vec::new();
    for it in set.iter() {
        let (old, Some(new)) = (it.old()?, it.new()?) else { continue };
        let chat = new.chat.id();
        if old.as_ref().is_some_and(|old| old.is_admin && !new.is_admin) && new.active {
            deposed.push(chat);
        }
        if let Some(kind) = became(old.as_ref(), &new) {
            let entry = Entry { user: Some(new.user.id().get()), ..Entry::of(kind) };
            of_chat.entry(chat.get()).or_default().push(entry);
        }
    }
    let system = session.as_system("chat.members");
    for chat in deposed {
        remove::must_have_admin(&system, chat).await?;
    }
    for (chat, entries) in of_chat {
        append(&system, Id::new(chat), &entries).await?;
    }
    Ok(())
}

/// What the members of a chat are told of one of them.
fn became(old: Option<&ChatMember>, new: &ChatMember) -> Option<EventKind> {
    let was_active = old.is_some_and(|it| it.active);
    match (was_active, new.active) {
        (false, true) => Some(EventKind::MemberJoined),
        (true, false) => Some(EventKind::MemberLeft),
        _ if old.is_some_and(|it| it.flags() != new.flags()) => Some(EventKind::MemberChanged),
        _ => None,
    }
}
