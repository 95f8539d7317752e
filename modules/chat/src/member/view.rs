//! A member as others see them: in events, and where somebody is invited.

use artel_core::http::poem_openapi::{self, Object};
use orm::{Record, Result};
use schemars::JsonSchema;

use crate::{ChatMember, row::Columns};

/// Somebody who takes part in a chat, or did.
#[derive(Debug, Clone, PartialEq, Eq, Object, JsonSchema)]
pub struct Member {
    /// Their row in `chat_members`.
    pub id: i64,
    pub chat_id: i64,
    pub user_id: i64,
    /// Whether they take part now.
    pub active: bool,
    /// May do all of this, and say who may do what.
    pub is_admin: bool,
    pub can_read: bool,
    pub can_write: bool,
    pub can_pin: bool,
    pub can_invite: bool,
    pub can_delete_others: bool,
}

/// The columns of a member, as [`Member::take`] takes them.
macro_rules! member_columns {
    () => {
        "member.id::text, member.chat_id::text, member.user_id::text, member.active::text, \
         member.is_admin::text, member.can_read::text, member.can_write::text, \
         member.can_pin::text, member.can_invite::text, member.can_delete_others::text"
    };
}
pub(crate) use member_columns;

impl Member {
    /// The next columns of a row; nothing when there is no member in it.
    pub(crate) fn take(columns: &mut Columns) -> Result<Option<Self>> {
        let Some(id) = columns.optional()? else {
            (1..10).for_each(|_| _ = columns.optional_text());
            return Ok(None);
        };
        Ok(Some(Self {
            id,
            chat_id: columns.int()?,
            user_id: columns.int()?,
            active: columns.flag()?,
            is_admin: columns.flag()?,
            can_read: columns.flag()?,
            can_write: columns.flag()?,
            can_pin: columns.flag()?,
            can_invite: columns.flag()?,
            can_delete_others: columns.flag()?,
        }))
    }
}

impl From<&Record<ChatMember>> for Member {
    fn from(it: &Record<ChatMember>) -> Self {
        Self {
            id: it.id().get(),
            chat_id: it.chat.id().get(),
            user_id: it.user.id().get(),
            active: it.active,
            is_admin: it.is_admin,
            can_read: it.can_read,
            can_write: it.can_write,
            can_pin: it.can_pin,
            can_invite: it.can_invite,
            can_delete_others: it.can_delete_others,
        }
    }
}
