//! Which database the chats are in. One that is another than before was restored from a backup, or
//! another server has taken over from one that may have known more: the epoch of every chat rises.
//!
//! Another server has another system identifier, a recovery up to some moment and a replica that is
//! promoted begin another timeline, and a database that was made anew from a dump is another one of
//! its server. What was put back as it lay, a copy of the server's files or of a disk, shows nothing
//! of this; then somebody says so by `artel chat epoch --bump`.
//!
//! **Invariant:** however many processes see a difference, the epoch rises once for it: whoever comes
//! first holds the row until everybody can see what it has come to say.

use artel_core::Result;
use orm::{Model, Session, Tx};

use crate::{
    log::epoch,
    row::{self, Columns},
};

/// Which database it was when somebody looked last.
#[derive(Debug, Model)]
#[model(table = "chat_lineages", display = "system_identifier", routes = "none")]
pub struct ChatLineage {
    // There is one row.
    #[field(unique, default = 1)]
    pub number: i64,
    /// What the server was called when it was made.
    #[field(max = 20)]
    pub system_identifier: String,
    /// Rises with each recovery and each promotion of the server.
    pub timeline: i64,
    /// The number of the database on its server.
    pub database_oid: i64,
}

/// Which database it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// What the server was called when it was made.
    pub system_identifier: String,
    /// Rises with each recovery and each promotion of the server.
    pub timeline: i64,
    /// The number of the database on its server.
    pub database_oid: i64,
}

/// What came of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// It is the database that it was, or nothing was remembered yet, or the server does not say yet.
    Same,
    /// It was another one: the epoch of so many chats has been raised.
    Raised(i64),
    /// The role of this program may not ask the server.
    Forbidden,
}

/// Compares the database with what is remembered; raises the epochs where it is another one.
///
/// The session is one of the system. Where nothing has changed it costs two statements that lock
/// nothing.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn compare(session: &Session) -> Result<Compared> {
    if !may_ask(session).await? {
        return Ok(Compared::Forbidden);
    }
    let (here, remembered) = look(session).await?;
    match here {
        Some(here) if remembered.as_ref() != Some(&here) => {
            session.transaction(async |tx| remember(tx, &here).await).await
        }
        _ => Ok(Compared::Same),
    }
}

/// The database as it is, where the server says so, and as it is remembered.
///
/// # Errors
/// When the database is away; denied for anyone but the system.
pub async fn lineages(session: &Session) -> Result<(Option<Lineage>, Option<Lineage>)> {
    match may_ask(session).await? {
        true => look(session).await,
        false => {
            let remembered = session.sql(REMEMBERED, &[]).await?.into_iter().next();
            Ok((
                None,
                remembered.map(|it| Lineage::take(&mut Columns::of(it))).transpose()?.flatten(),
            ))
        }
    }
}

async fn may_ask(session: &Session) -> Result<bool> {
    Ok(row::only(session.sql(MAY_ASK, &[]).await?)?.flag()?)
}

async fn look(session: &Session) -> Result<(Option<Lineage>, Option<Lineage>)> {
    let mut columns = row::only(session.sql(LOOK, &[]).await?)?;
    Ok((Lineage::take(&mut columns)?, Lineage::take(&mut columns)?))
}

/// Remembers which database it is; raises the epoch if somebody remembered another one.
async fn remember(tx: &Tx, here: &Lineage) -> Result<Compared> {
    let (timeline, oid) = (here.timeline.to_string(), here.database_oid.to_string());
    let now = [here.system_identifier.as_str(), &timeline, &oid];
    if !tx.sql(REMEMBER_FIRST, &now).await?.is_empty() {
        return Ok(Compared::Same);
    }
    // Whoever was first has come to an end by now, so that this is what they have left.
    let held = Lineage::take(&mut row::only(tx.sql(HOLD, &[]).await?)?)?;
    if held.as_ref() == Some(here) {
        return Ok(Compared::Same);
    }
    tx.sql(REMEMBER, &now).await?;
    Ok(Compared::Raised(epoch::bump(tx).await?))
}

impl Lineage {
    /// The next columns of a row; nothing where one of them is missing.
    fn take(columns: &mut Columns) -> orm::Result<Option<Self>> {
        let (identifier, timeline, oid) =
            (columns.optional_text(), columns.optional()?, columns.optional()?);
        let parts = identifier.zip(timeline).zip(oid);
        Ok(parts.map(|((system_identifier, timeline), database_oid)| Self {
            system_identifier,
            timeline,
            database_oid,
        }))
    }
}

/// Functions that a role may not call fail even where they are not reached, so this is asked first.
const MAY_ASK: &str = "select ( \
     has_function_privilege('pg_control_system()', 'execute') \
     and has_function_privilege('pg_current_wal_lsn()', 'execute') \
     and has_function_privilege('pg_walfile_name(pg_lsn)', 'execute'))::text";

/// The timeline that is written to now; that of the last checkpoint, which is easier to ask for, is
/// the old one for a while after a promotion. A server that recovers still has none of its own.
const LOOK: &str = "select here.system_identifier::text, \
         case when not pg_is_in_recovery() then \
             ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint::text end, \
         (select oid::text from pg_database where datname = current_database()), \
         it.system_identifier, it.timeline::text, it.database_oid::text \
     from pg_control_system() here left join chat_lineages it on it.number = 1";

const REMEMBERED: &str = "select system_identifier, timeline::text, database_oid::text from chat_lineages where number = 1";

const REMEMBER_FIRST: &str = "insert into chat_lineages (number, system_identifier, timeline, database_oid) \
     values (1, $1, $2::bigint, $3::bigint) on conflict (number) do nothing returning 1::text";

const HOLD: &str = "select system_identifier, timeline::text, database_oid::text \
     from chat_lineages where number = 1 for update";

const REMEMBER: &str = "update chat_lineages \
     set system_identifier = $1, timeline = $2::bigint, database_oid = $3::bigint, \
         version = version + 1, updated_at = now() \
     where number = 1 returning 1::text";
