//! Who may know of whom whether they are there: those who share a chat.

use std::collections::{BTreeMap, BTreeSet};

use artel_core::Result;
use orm::Session;

use crate::{
    gate,
    row::{Columns, keys},
};

/// What two users share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    /// Only chats about records, which each of them may read or not.
    Records,
    /// A chat that both may read as its members.
    Members,
}

/// Those of some users who take part in a chat that the asker may read now, with all rules that hold
/// for them.
///
/// # Errors
/// Denied without a grant to read chats.
pub(crate) async fn of(session: &Session, users: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    if users.is_empty() {
        return Ok(BTreeSet::new());
    }
    let chats = gate::visible(session).await?;
    let system = session.as_system("chat.acquaintance");
    let rows = system.sql(MEMBERS, &[&keys(chats), &keys(users.iter().copied())]).await?;
    let users = rows.into_iter().map(|it| Columns::of(it).int());
    Ok(users.collect::<orm::Result<_>>()?)
}

/// Which of some pairs of users share chats by the rows of the members, in one statement. The
/// session is one of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub(crate) async fn pairs(
    session: &Session,
    pairs: &BTreeSet<(i64, i64)>,
) -> Result<BTreeMap<(i64, i64), By>> {
    let (ones, others) = (keys(pairs.iter().map(|it| it.0)), keys(pairs.iter().map(|it| it.1)));
    let rows = session.sql(PAIRS, &[&ones, &others]).await?;
    let known = rows.into_iter().map(|it| {
        let mut columns = Columns::of(it);
        let pair = (columns.int()?, columns.int()?);
        Ok((pair, if columns.flag()? { By::Members } else { By::Records }))
    });
    Ok(known.collect::<orm::Result<_>>()?)
}

const MEMBERS: &str = "select distinct user_id::text from chat_members \
     where chat_id = any($1::bigint[]) and user_id = any($2::bigint[]) \
       and active and (can_read or is_admin)";

const PAIRS: &str = "select pair.one::text, pair.other::text, bool_or(chat.kind <> 'record')::text \
     from unnest($1::bigint[], $2::bigint[]) pair (one, other) \
     join chat_members one on one.user_id = pair.one \
       and one.active and (one.can_read or one.is_admin) \
     join chat_members other on other.user_id = pair.other and other.chat_id = one.chat_id \
       and other.active and (other.can_read or other.is_admin) \
     join chats chat on chat.id = one.chat_id \
     group by pair.one, pair.other";
