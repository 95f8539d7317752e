//! Who gets into a chat, and what for: everything that is done with one passes here.
//!
//! **Invariant:** whoever changes a chat holds its row from before they are judged to the end of
//! their transaction: what is refused to somebody who was removed is refused from that commit on.

use artel_core::{Error, Result, access::is_granted};
use orm::{Cond, Error as DataError, Id, Model, Record, Session, Verb};

use crate::{Chat, ChatKind, ChatMember, chat::of_record};

/// What somebody is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// What every member may, as far as the chat goes.
    TakePart,
    /// Say something.
    Write,
    /// Pin what was said.
    Pin,
}

/// A chat that is held, on behalf of somebody who may do what they are about to do.
pub(crate) struct Held {
    /// As it stands.
    pub(crate) chat: Record<Chat>,
    /// Writes to it in their name.
    pub(crate) system: Session,
    /// They.
    pub(crate) user: i64,
}

impl Deed {
    const fn reason(self) -> &'static str {
        match self {
            Self::TakePart => "chat.take_part",
            Self::Write => "chat.write",
            Self::Pin => "chat.pin",
        }
    }

    fn rule(self) -> Cond<Chat> {
        let admin = ChatMember::IS_ADMIN.eq(true);
        let may = match self {
            Self::TakePart => ChatMember::CAN_READ.eq(true).or(admin),
            Self::Write => ChatMember::CAN_WRITE.eq(true).or(admin),
            Self::Pin => ChatMember::CAN_PIN.eq(true).or(admin),
        };
        Chat::MEMBERS.some(ChatMember::is_me().and(may))
    }

    /// Whether a member may do it.
    pub(crate) fn is_open_to(self, member: &ChatMember) -> bool {
        let may = match self {
            Self::TakePart => member.can_read,
            Self::Write => member.can_write,
            Self::Pin => member.can_pin,
        };
        member.active && (may || member.is_admin)
    }
}

/// Holds a chat for a deed of the asker. To be called inside a transaction.
///
/// # Errors
/// Missing when they do not see it, denied when they may not do that.
pub(crate) async fn hold(tx: &Session, chat: i64, deed: Deed) -> Result<Held> {
    let user = user(tx)?;
    match tx.elevate(deed.reason(), chat, deed.rule()).await {
        Ok(it) => Ok(Held { chat: it.record, system: it.session, user }),
        Err(error) if error.is_missing() => of_record::hold(tx, chat, (user, deed)).await,
        Err(error) => Err(error.into()),
    }
}

/// A chat that the asker may read.
///
/// # Errors
/// Missing when they do not see it, denied without a grant to read chats.
pub(crate) async fn see(session: &Session, chat: i64) -> Result<Record<Chat>> {
    match Chat::query(session).filter(Chat::ID.eq(chat)).first().await? {
        Some(found) => Ok(found),
        None => of_record::see(session, chat).await,
    }
}

/// The chats that the asker may read now, those about records among them. How many statements it
/// takes depends on how many models these records are of, not on how many chats there are.
///
/// # Errors
/// Denied without a grant to read chats.
pub async fn visible(session: &Session) -> Result<Vec<i64>> {
    let own = Chat::query(session).filter(Chat::MEMBERS.some(ChatMember::is_me())).all().await?;
    let of_records = of_record::visible(session, None).await?;
    Ok(own.iter().map(|it| it.id().get()).chain(of_records).collect())
}

/// Those of some chats that the asker may read now: for who delivers what happens in them.
///
/// # Errors
/// Denied without a grant to read chats.
pub async fn visible_of(session: &Session, chats: &[i64]) -> Result<Vec<i64>> {
    let these = Chat::ID.one_of(chats.iter().copied());
    let own = Chat::query(session).filter(these).all().await?;
    let of_records = of_record::visible(session, Some(chats)).await?;
    Ok(own.iter().map(|it| it.id().get()).chain(of_records).collect())
}

/// Who asks.
///
/// # Errors
/// Broken for a session that is nobody's: only users take part in chats.
pub(crate) fn user(session: &Session) -> Result<i64> {
    session.asker_id().ok_or_else(|| Error::broken("a chat is for users, not for the system"))
}

/// Whether the asker may make chats, and see what they have made.
///
/// # Errors
/// Denied without a grant.
pub(crate) fn may_create(session: &Session) -> Result<()> {
    let (access, schema) = (session.access(), session.schema());
    let model = schema.of_def(Chat::def()).id;
    match [Verb::Create, Verb::Read].into_iter().all(|it| is_granted(access, schema, model, it)) {
        true => Ok(()),
        false => Err(DataError::denied().into()),
    }
}

impl Held {
    /// The row of whoever asks.
    ///
    /// # Errors
    /// Missing when they are not in the chat any more.
    pub(crate) async fn me(&self) -> Result<Record<ChatMember>> {
        let own = ChatMember::of(&self.system, self.chat.id(), self.user).await?;
        own.filter(|it| it.active).ok_or_else(|| DataError::missing().into())
    }

    /// The chat.
    pub(crate) fn id(&self) -> Id<Chat> {
        self.chat.id()
    }

    /// Whether it is a chat of two.
    pub(crate) fn is_direct(&self) -> bool {
        self.chat.kind == ChatKind::Direct
    }
}
