//! Rows that code puts into a database once and finds again at every start.

use crate::{
    Error, PgType, RawChanges, Result, Session, Value,
    engine::{create, transaction::in_transaction},
    pg::{Lane, ParamType, Row, Statement},
    schema::SchemaModel,
};

/// The record that `module` calls `key`: created the first time, found every other time. What an
/// administrator made of it stays.
///
/// # Errors
/// As creating does; denied for anyone but the system.
pub async fn seeded(
    session: &Session,
    model: &SchemaModel,
    module: &str,
    key: &str,
    changes: RawChanges,
) -> Result<i64> {
    if !session.is_system() {
        return Err(Error::denied());
    }
    let changes = &changes;
    in_transaction(session, |session: Session| async move {
        let session = &session;
        if let Some(id) = find(session, module, key).await? {
            return Ok(id);
        }
        let id = create(session, model, changes.clone()).await?.id;
        let (module, key) = (module.to_owned(), key.to_owned());
        let (model, hash) = (model.def.table.to_owned(), String::new());
        let seed = Seed { module, key, model, record_id: id, hash };
        remember_seeds(session, &[seed]).await?;
        Ok(id)
    })
    .await
}

/// A row that code put into a database, and what it was when code last touched it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// The module whose it is.
    pub module: String,
    /// What the module calls it.
    pub key: String,
    /// The table of the record.
    pub model: String,
    /// The record.
    pub record_id: i64,
    /// What code made of it, in a form that only code knows; empty where nobody keeps that.
    pub hash: String,
}

/// The seeds whose records are in these tables, by module and key.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn seeds_of(session: &Session, tables: &[&str]) -> Result<Vec<Seed>> {
    if !session.is_system() {
        return Err(Error::denied());
    }
    let tables = tables.iter().map(|it| Value::Text((*it).to_owned())).collect();
    let rows = session
        .link()
        .await?
        .fetch(&Statement {
            sql: "SELECT module, key, model, record_id, hash FROM seeds \
                  WHERE model = ANY($1) ORDER BY module, key",
            lane: Lane::ByKey,
            params: &[Value::List(tables)],
            types: &[TEXTS],
        })
        .await?;
    let seed = |row: &Row| {
        Ok(Seed {
            module: row.text(0)?,
            key: row.text(1)?,
            model: row.text(2)?,
            record_id: row.int(3)?,
            hash: row.text(4)?,
        })
    };
    rows.iter().map(seed).collect()
}

/// Keeps what code has just made of rows.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn remember_seeds(session: &Session, seeds: &[Seed]) -> Result<()> {
    if !session.is_system() {
        return Err(Error::denied());
    }
    let texts = |of: fn(&Seed) -> &String| {
        Value::List(seeds.iter().map(|it| Value::Text(of(it).clone())).collect())
    };
    let ids = seeds.iter().map(|it| Value::Int(it.record_id)).collect();
    session
        .link()
        .await?
        .fetch(&Statement {
            sql: "INSERT INTO seeds (module, key, model, record_id, hash) \
                  SELECT * FROM unnest($1, $2, $3, $4, $5) \
                  ON CONFLICT (module, key) \
                  DO UPDATE SET record_id = excluded.record_id, hash = excluded.hash",
            lane: Lane::ByKey,
            params: &[
                texts(|it| &it.module),
                texts(|it| &it.key),
                texts(|it| &it.model),
                Value::List(ids),
                texts(|it| &it.hash),
            ],
            types: &[TEXTS, TEXTS, TEXTS, ParamType::list(PgType::Int8), TEXTS],
        })
        .await?;
    Ok(())
}

/// A short name for what a row says: equal texts have equal ones, in every build.
pub fn hash_of(text: &str) -> String {
    crate::migrate::hash_of(&[text.to_owned()])
}

const TEXT: ParamType = ParamType::one(PgType::Text);
const TEXTS: ParamType = ParamType::list(PgType::Text);

async fn find(session: &Session, module: &str, key: &str) -> Result<Option<i64>> {
    let params = [Value::Text(module.to_owned()), Value::Text(key.to_owned())];
    let rows = session
        .link()
        .await?
        .fetch(&Statement {
            sql: "SELECT record_id FROM seeds WHERE module = $1 AND key = $2",
            lane: Lane::ByKey,
            params: &params,
            types: &[TEXT, TEXT],
        })
        .await?;
    rows.first().map(|it| it.int(0)).transpose()
}
