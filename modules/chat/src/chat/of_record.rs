//! The chat about a record: for whoever may read that record, as long as they may.
//!
//! **Invariant:** the right to read the record is asked for at each use; a row of a member alone
//! opens nothing.

use std::collections::BTreeMap;

use artel_core::Result;
use orm::{
    Error, Filter, Id, Model, Op, Operand, Record, RouteSet, Session, Value, Violation, engine,
    schema::SchemaModel,
};

use crate::{
    Chat, ChatKind, ChatMember,
    gate::{self, Deed, Held},
};

/// The chat about a record, and whether it was made just now.
///
/// # Errors
/// Missing when the asker does not see the record, denied when they may make no chats.
pub async fn of_record(
    session: &Session,
    (collection, record): (&str, i64),
) -> Result<(Record<Chat>, bool)> {
    gate::may_create(session)?;
    let user = gate::user(session)?;
    if collection.len() > 63 {
        let too_long = Violation::at_pointer("/record_model", "too_long").with("max", 63);
        return Err(Error::invalid(vec![too_long]).into());
    }
    if readable(session, collection, &[record]).await?.is_empty() {
        return Err(Error::missing().into());
    }
    session
        .transaction(async |tx| {
            let system = tx.as_system("chat.of_record");
            one_at_a_time(&system, &format!("{collection}/{record}")).await?;
            let this = Chat::RECORD_MODEL.eq(collection).and(Chat::RECORD_ID.eq(record));
            let known = Chat::query(&system).filter(this).first().await?;
            let is_new = known.is_none();
            let id = match known {
                Some(chat) => chat.id(),
                None => {
                    let new = [
                        Chat::KIND.set(ChatKind::Record),
                        Chat::RECORD_MODEL.set(collection),
                        Chat::RECORD_ID.set(record),
                    ];
                    Chat::create(&system, new).await?.id()
                }
            };
            held(&system, id).await?;
            ChatMember::join(&system, (id, ChatKind::Record), user).await?;
            Ok((Chat::find(&system, id).await?.seen_by(session), is_new))
        })
        .await
}

/// Keeps everybody else who is about to make the same chat waiting until the transaction ends.
///
/// # Errors
/// When the database is away.
pub(super) async fn one_at_a_time(system: &Session, what: &str) -> Result<()> {
    let lock = "select pg_advisory_xact_lock(hashtextextended('chat of ' || $1, 0))::text";
    system.sql(lock, &[what]).await?;
    Ok(())
}

/// Holds the chat about a record for whoever may read the record and do the deed; they are a
/// member from now on.
///
/// # Errors
/// Missing when it is no such chat or the record is out of sight; denied when they may not do that.
pub(crate) async fn hold(tx: &Session, chat: i64, (user, deed): (i64, Deed)) -> Result<Held> {
    let system = tx.as_system("chat.of_record");
    let found = held(&system, Id::new(chat)).await?;
    if !is_open(tx, &found).await? {
        return Err(Error::missing().into());
    }
    let chat = match ChatMember::join(&system, (found.id(), found.kind), user).await? {
        true => Chat::find(&system, found.id()).await?,
        false => found,
    };
    let held = Held { chat, system, user };
    match deed.is_open_to(&*held.me().await?) {
        true => Ok(held),
        false => Err(Error::denied().into()),
    }
}

/// The chat about a record, for whoever may read the record; they are a member from now on.
///
/// # Errors
/// Missing when it is no such chat or the record is out of sight.
pub(crate) async fn see(session: &Session, chat: i64) -> Result<Record<Chat>> {
    let system = session.as_system("chat.of_record");
    let this = Chat::ID.eq(chat).and(Chat::KIND.eq(ChatKind::Record));
    let found = Chat::query(&system).filter(this).first().await?;
    let found = found.ok_or_else(Error::missing)?;
    if !is_open(session, &found).await? {
        return Err(Error::missing().into());
    }
    let own = ChatMember::of(&system, found.id(), gate::user(session)?).await?;
    if own.is_none_or(|it| !it.active) {
        let joining = async |tx: &mut orm::Tx| gate::hold(tx, chat, Deed::TakePart).await;
        return Ok(session.transaction(joining).await?.chat);
    }
    Ok(found)
}

/// The chats about records that the asker takes part in and may read now, or those of some.
///
/// # Errors
/// When the database is away.
pub(crate) async fn visible(session: &Session, of: Option<&[i64]>) -> Result<Vec<i64>> {
    let system = session.as_system("chat.of_record");
    let mut these = Chat::KIND.eq(ChatKind::Record);
    let own = ChatMember::USER.eq(Id::new(gate::user(session)?)).and(ChatMember::ACTIVE.eq(true));
    these = these.and(Chat::MEMBERS.some(own));
    if let Some(of) = of {
        these = these.and(Chat::ID.one_of(of.iter().copied()));
    }
    let mut by_model: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    for chat in Chat::query(&system).filter(these).all().await? {
        if let (Some(model), Some(record)) = (&chat.record_model, chat.record_id) {
            by_model.entry(model.clone()).or_default().push((record, chat.id().get()));
        }
    }
    let mut visible = Vec::new();
    for (model, chats) in by_model {
        let records: Vec<i64> = chats.iter().map(|it| it.0).collect();
        let records = readable(session, &model, &records).await?;
        visible.extend(chats.iter().filter(|it| records.contains(&it.0)).map(|it| it.1));
    }
    Ok(visible)
}

/// The chat about a record, locked.
async fn held(system: &Session, chat: Id<Chat>) -> Result<Record<Chat>> {
    let this = Chat::ID.eq(chat).and(Chat::KIND.eq(ChatKind::Record));
    let found = Chat::query(system).filter(this).for_update().first().await?;
    Ok(found.ok_or_else(Error::missing)?)
}

async fn is_open(session: &Session, chat: &Chat) -> Result<bool> {
    let (Some(model), Some(record)) = (&chat.record_model, chat.record_id) else {
        return Ok(false);
    };
    Ok(!readable(session, model, &[record]).await?.is_empty())
}

/// Those of some records that the asker may read; of a collection that is not there, or that they
/// have no right to, none.
async fn readable(session: &Session, collection: &str, records: &[i64]) -> Result<Vec<i64>> {
    let Some(model) = session.schema().by_table(collection).filter(|it| has_routes(it)) else {
        return Ok(Vec::new());
    };
    let ids = records.iter().map(|it| Operand::Value(Value::Int(*it))).collect();
    let these = Filter::Compare { field: "id", op: Op::In, operand: Operand::List(ids) };
    match engine::ids(session, model, &these).await {
        Err(error) if error.is_denied() => Ok(Vec::new()),
        found => Ok(found?),
    }
}

/// Nobody reads the records of a model without routes, whatever their rights.
fn has_routes(model: &SchemaModel) -> bool {
    model.def.routes != RouteSet::None
}
