//! How far the logs of chats have come.

use artel_core::Result;
use orm::Session;

use crate::{
    gate,
    row::{Columns, keys},
};

/// How far the log of a chat has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The chat.
    pub chat_id: i64,
    /// The number of its last event.
    pub last_seq: i64,
    /// Rises when what clients know may be wrong.
    pub epoch: i64,
    /// Whether it is about a record: who may read it is then no event of the log.
    pub is_of_record: bool,
}

/// A chat of somebody's, as a socket says it at its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnChat {
    /// How far it has come.
    pub head: Head,
    /// How far they have read.
    pub read_seq: i64,
    /// Messages of others behind that which are not deleted.
    pub unread: i64,
}

/// The heads of some chats, in one statement; those that are not there are left out. The session is
/// one of the system.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn heads(session: &Session, chats: &[i64]) -> Result<Vec<Head>> {
    let rows = session.sql(HEADS, &[&keys(chats.iter().copied())]).await?;
    let heads = rows.into_iter().map(|it| Head::take(&mut Columns::of(it)));
    Ok(heads.collect::<orm::Result<_>>()?)
}

/// The chats that the asker may read now, with how far they have read them. How many statements
/// it takes does not depend on how many chats there are.
///
/// # Errors
/// Denied without a grant to read chats.
pub async fn own_chats(session: &Session) -> Result<Vec<OwnChat>> {
    let chats = gate::visible(session).await?;
    let user = gate::user(session)?.to_string();
    let system = session.as_system("chat.own_chats");
    let rows = system.sql(OWN_CHATS, &[&keys(chats), &user]).await?;
    let own = rows.into_iter().map(|it| {
        let mut columns = Columns::of(it);
        let head = Head::take(&mut columns)?;
        Ok(OwnChat { head, read_seq: columns.int()?, unread: columns.int()? })
    });
    Ok(own.collect::<orm::Result<_>>()?)
}

impl Head {
    pub(super) fn take(columns: &mut Columns) -> orm::Result<Self> {
        Ok(Self {
            chat_id: columns.int()?,
            last_seq: columns.int()?,
            epoch: columns.int()?,
            is_of_record: columns.flag()?,
        })
    }
}

/// The columns of a head, as [`Head::take`] takes them.
macro_rules! head_columns {
    () => {
        "chat.id::text, chat.last_seq::text, chat.epoch::text, (chat.kind = 'record')::text"
    };
}
pub(crate) use head_columns;

const HEADS: &str = concat!(
    "select ",
    head_columns!(),
    " from chats chat where chat.id = any($1::bigint[]) order by chat.id"
);

/// How many messages of others are behind a mark `mark` of a chat `chat`, for the user `$2`.
macro_rules! unread {
    () => {
        "(select count(*) from chat_messages it \
          where it.chat_id = chat.id and it.seq > coalesce(mark.read_seq, 0) \
            and it.deleted_at is null and it.author_id is distinct from $2::bigint)::text"
    };
}
pub(crate) use unread;

const OWN_CHATS: &str = concat!(
    "select ",
    head_columns!(),
    ", coalesce(mark.read_seq, 0)::text, ",
    unread!(),
    " from chats chat \
     left join chat_marks mark on mark.chat_id = chat.id and mark.user_id = $2::bigint \
     where chat.id = any($1::bigint[]) order by chat.id"
);
