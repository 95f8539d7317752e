//! Somebody new in a chat, or somebody who comes back.

use artel_core::{Error, Result};
use orm::{Change, Error as DataError, Model, Record, Session, Violation};

use crate::{
    ChatMember,
    chat::create::users_in_sight,
    gate::{self, Deed},
};

/// What a member may do, as far as somebody says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags {
    /// May do all of it, and say who may do what.
    pub is_admin: Option<bool>,
    /// Sees the chat.
    pub can_read: Option<bool>,
    /// Says something.
    pub can_write: Option<bool>,
    /// Pins what was said.
    pub can_pin: Option<bool>,
    /// Invites others.
    pub can_invite: Option<bool>,
    /// Deletes what others said.
    pub can_delete_others: Option<bool>,
}

impl Flags {
    fn changes(self) -> impl Iterator<Item = Change<ChatMember>> {
        let named = [
            (ChatMember::IS_ADMIN, self.is_admin),
            (ChatMember::CAN_READ, self.can_read),
            (ChatMember::CAN_WRITE, self.can_write),
            (ChatMember::CAN_PIN, self.can_pin),
            (ChatMember::CAN_INVITE, self.can_invite),
            (ChatMember::CAN_DELETE_OTHERS, self.can_delete_others),
        ];
        named.into_iter().filter_map(|(flag, value)| Some(flag.set(value?)))
    }
}

/// Lets a user take part in a chat; their row, and whether they did not before.
///
/// # Errors
/// Missing when the asker does not see the chat, denied when they may not invite, or say who may
/// do what; invalid for a chat of two, and for a user whom they do not see.
pub async fn invite(
    session: &Session,
    chat: i64,
    (user, flags): (i64, Flags),
) -> Result<(Record<ChatMember>, bool)> {
    session
        .transaction(async |tx| {
            let held = gate::hold(tx, chat, Deed::TakePart).await?;
            if held.is_direct() {
                return Err(invalid("direct_chat"));
            }
            let me = held.me().await?;
            let may_invite = me.can_invite || me.is_admin;
            if !may_invite || (flags != Flags::default() && !me.is_admin) {
                return Err(Error::denied());
            }
            let (system, chat, kind) = (&held.system, held.id(), held.chat.kind);
            let known = ChatMember::of(system, chat, user).await?;
            if let Some(member) = known.as_ref().filter(|it| it.active) {
                return Ok((ChatMember::find(system, member.id()).await?, false));
            }
            if users_in_sight(tx, [user]).await?.is_empty() {
                return Err(invalid("not_found"));
            }
            let new = ChatMember::of_kind(chat, user, kind).into_iter().chain(flags.changes());
            let member = match known {
                Some(left) => {
                    let again: Vec<_> = new.skip(2).collect();
                    ChatMember::update(system, left.id(), again).await?
                }
                None => ChatMember::create(system, new.collect::<Vec<_>>()).await?,
            };
            Ok((member, true))
        })
        .await
}

fn invalid(code: &'static str) -> Error {
    DataError::invalid(vec![Violation::at_pointer("/user_id", code)]).into()
}
