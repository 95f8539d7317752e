//! What is to be told others of records: kept in the transaction that gives the reason, delivered
//! afterwards, at least once.
//!
//! **Invariant:** of one record, nothing is delivered before all that was sent earlier has been.
//! Whoever sends holds the record's turn until the end of their transaction, so the order of the
//! rows is that of the commits; and a row is taken only when there is no earlier one.
//!
//! **Invariant:** what a delivery writes through its session is committed with the end of the
//! delivery, or not at all.

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, Id, Model, PgType, Result, Session, Value,
    field::datetime,
    pg::{Lane, ParamType, Row, Statement},
};

/// One message on its way.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its number: the same each time it is tried.
    pub id: i64,
    /// What it is about, as its sender calls it.
    pub topic: String,
    /// The table of the record.
    pub model: String,
    /// The record.
    pub record_id: i64,
    /// How often it has been tried in vain.
    pub attempts: i64,
    payload: String,
}

/// A message that has been tried in vain.
#[derive(Debug, Clone)]
pub struct Stuck {
    /// The message.
    pub delivery: Delivery,
    /// When it is tried again; absent when that is at once, or never.
    pub due_at: Option<DateTime<Utc>>,
    /// Since when it is not tried any more.
    pub failed_at: Option<DateTime<Utc>>,
    /// The code of the last failure.
    pub error: Option<String>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outbox {
    /// Messages that will be tried.
    pub waiting: i64,
    /// Messages that were tried too often.
    pub failed: i64,
}

impl Delivery {
    /// What was sent.
    ///
    /// # Errors
    /// When it is no `T`.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.payload).map_err(|fault| {
            let Self { id, topic, .. } = self;
            Error::broken(format!("message {id} of `{topic}` is not what its handler reads"))
                .because(fault)
        })
    }

    fn of(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.int(0)?,
            topic: row.text(1)?,
            model: row.text(2)?,
            record_id: row.int(3)?,
            payload: row.text(4)?,
            attempts: row.int(5)?,
        })
    }
}

impl Session {
    /// Sends a message about a record to whoever handles the topic: after the commit of the
    /// transaction around it, at least once, and after all that was sent of this record before.
    ///
    /// # Errors
    /// When the payload is nothing that JSON can say.
    pub async fn enqueue<M: Model>(
        &self,
        topic: &str,
        record: impl Into<Id<M>>,
        payload: &impl Serialize,
    ) -> Result<()> {
        let payload = serde_json::to_string(payload);
        let payload = payload.map_err(|it| {
            Error::broken(format!("a payload of `{topic}` is no JSON")).because(it)
        })?;
        let (model, record) = (M::def().table, record.into().get());
        let statement = Statement {
            sql: "WITH turn AS MATERIALIZED (SELECT pg_advisory_xact_lock(\
                  hashtextextended('outbox/' || $2 || '/' || $3::text, 0)) AS taken) \
                  INSERT INTO outbox (topic, model, record_id, payload) \
                  SELECT $1, $2, $3, $4::json FROM turn WHERE taken IS NOT NULL",
            lane: Lane::ByKey,
            params: &[
                Value::Text(topic.to_owned()),
                Value::Text(model.to_owned()),
                Value::Int(record),
                Value::Text(payload),
            ],
            types: &[TEXT, TEXT, INT, TEXT],
        };
        self.link().await?.fetch(&statement).await?;
        let bell = self.database().outbox_bell().clone();
        self.after_commit(move || Box::pin(async move { bell.notify_one() }));
        Ok(())
    }
}

/// Takes the oldest message that is due, has it delivered, and ends it: all in one transaction,
/// so a delivery that is cut off anywhere is one that never was, but for what it did outside.
///
/// `deliver` gets a session in that transaction. When it fails, nothing of what it wrote stays,
/// and the message is given back for [`keep_failure`].
///
/// # Errors
/// Denied for anyone but the system; whatever the database says.
pub async fn deliver_next<E: From<Error>>(
    session: &Session,
    deliver: impl AsyncFnOnce(&Session, &Delivery) -> Result<(), E>,
) -> Result<Option<(Delivery, Result<(), E>)>> {
    only_system(session)?;
    let tx = session.begin().await?;
    let Some(delivery) = take(&tx).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let delivered = match deliver(&tx, &delivery).await {
        Ok(()) => end(tx, delivery.id).await.map_err(E::from),
        Err(error) => {
            tx.rollback().await?;
            Err(error)
        }
    };
    Ok(Some((delivery, delivered)))
}

/// Whoever looks for a message passes over those that others are delivering, and over every
/// message behind another of the same record.
async fn take(tx: &Session) -> Result<Option<Delivery>> {
    let statement = Statement {
        sql: "SELECT id, topic, model, record_id, payload::text, attempts FROM outbox AS it \
              WHERE failed_at IS NULL AND (due_at IS NULL OR due_at <= $1) \
              AND NOT EXISTS (SELECT FROM outbox AS earlier WHERE earlier.model = it.model \
              AND earlier.record_id = it.record_id AND earlier.id < it.id) \
              ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
        lane: Lane::ByKey,
        params: &[Value::DateTime(tx.now())],
        types: &[MOMENT],
    };
    tx.link().await?.fetch(&statement).await?.first().map(Delivery::of).transpose()
}

async fn end(tx: crate::Tx, id: i64) -> Result<()> {
    let statement = Statement {
        sql: "DELETE FROM outbox WHERE id = $1",
        lane: Lane::ByKey,
        params: &[Value::Int(id)],
        types: &[INT],
    };
    tx.link().await?.fetch(&statement).await?;
    tx.commit().await
}

/// Counts a delivery in vain: tried again at `due_at`, or without one, parked until somebody says
/// what is to become of it.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn keep_failure(
    session: &Session,
    delivery: &Delivery,
    code: &str,
    due_at: Option<DateTime<Utc>>,
) -> Result<()> {
    only_system(session)?;
    let failed_at = match due_at {
        Some(_) => Value::Null,
        None => Value::DateTime(session.now()),
    };
    let statement = Statement {
        // Of two that tried it after each other, the later one knows better.
        sql: "UPDATE outbox SET attempts = attempts + 1, due_at = $2, failed_at = $3, error = $4 \
              WHERE id = $1 AND attempts = $5",
        lane: Lane::ByKey,
        params: &[
            Value::Int(delivery.id),
            due_at.map_or(Value::Null, Value::DateTime),
            failed_at,
            Value::Text(code.to_owned()),
            Value::Int(delivery.attempts),
        ],
        types: &[INT, MOMENT, MOMENT, TEXT, INT],
    };
    session.link().await?.fetch(&statement).await?;
    Ok(())
}

/// Messages that have been tried in vain, the oldest first; at most `max`.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn stuck_deliveries(session: &Session, max: i64) -> Result<Vec<Stuck>> {
    only_system(session)?;
    let statement = Statement {
        sql: "SELECT id, topic, model, record_id, payload::text, attempts, error, due_at, \
              failed_at FROM outbox WHERE attempts > 0 OR failed_at IS NOT NULL \
              ORDER BY id LIMIT $1",
        lane: Lane::ByKey,
        params: &[Value::Int(max)],
        types: &[INT],
    };
    let moment = |row: &Row, at| match row.raw(at).map(datetime::RULES.read).transpose()? {
        Some(Value::DateTime(it)) => Ok::<_, Error>(Some(it)),
        _ => Ok(None),
    };
    let stuck = |row: &Row| {
        Ok(Stuck {
            delivery: Delivery::of(row)?,
            error: row.optional_text(6)?,
            due_at: moment(row, 7)?,
            failed_at: moment(row, 8)?,
        })
    };
    session.link().await?.fetch(&statement).await?.iter().map(stuck).collect()
}

/// Has messages tried again at once, as if they had never been: one, or all that are parked; how
/// many.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn retry_deliveries(session: &Session, id: Option<i64>) -> Result<usize> {
    only_system(session)?;
    let statement = Statement {
        sql: "UPDATE outbox SET attempts = 0, due_at = NULL, failed_at = NULL \
              WHERE id = $1 OR ($1 IS NULL AND failed_at IS NOT NULL) RETURNING id",
        lane: Lane::ByKey,
        params: &[id.map_or(Value::Null, Value::Int)],
        types: &[INT],
    };
    let tried = session.link().await?.fetch(&statement).await?.len();
    session.database().outbox_bell().notify_one();
    Ok(tried)
}

/// Drops a message: it is never delivered, and what waits behind it is. Whether there was one.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn drop_delivery(session: &Session, id: i64) -> Result<bool> {
    only_system(session)?;
    let statement = Statement {
        sql: "DELETE FROM outbox WHERE id = $1 RETURNING id",
        lane: Lane::ByKey,
        params: &[Value::Int(id)],
        types: &[INT],
    };
    let was_there = !session.link().await?.fetch(&statement).await?.is_empty();
    session.database().outbox_bell().notify_one();
    Ok(was_there)
}

/// How much waits, and how much is parked.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn outbox(session: &Session) -> Result<Outbox> {
    only_system(session)?;
    let statement = Statement {
        sql: "SELECT count(*) FILTER (WHERE failed_at IS NULL), count(failed_at) FROM outbox",
        lane: Lane::ByKey,
        params: &[],
        types: &[],
    };
    let rows = session.link().await?.fetch(&statement).await?;
    let row = rows.first().ok_or_else(|| Error::broken("a count gave no row"))?;
    Ok(Outbox { waiting: row.int(0)?, failed: row.int(1)? })
}

fn only_system(session: &Session) -> Result<()> {
    if session.is_system() { Ok(()) } else { Err(Error::denied()) }
}

const TEXT: ParamType = ParamType::one(PgType::Text);
const INT: ParamType = ParamType::one(PgType::Int8);
const MOMENT: ParamType = ParamType::one(PgType::Timestamptz);
