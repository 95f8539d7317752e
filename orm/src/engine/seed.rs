//! Rows that code puts into a database once and finds again at every start.

use crate::{
    Error, PgType, RawChanges, Result, Session, Value,
    engine::{create, transaction::in_transaction},
    pg::{Lane, ParamType, Statement},
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
        remember(session, model, (module, key), id).await?;
        Ok(id)
    })
    .await
}

const TEXT: ParamType = ParamType::one(PgType::Text);

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

async fn remember(
    session: &Session,
    model: &SchemaModel,
    (module, key): (&str, &str),
    id: i64,
) -> Result<()> {
    let text = |it: &str| Value::Text(it.to_owned());
    let params = [text(module), text(key), text(model.def.table), Value::Int(id)];
    session
        .link()
        .await?
        .fetch(&Statement {
            sql: "INSERT INTO seeds (module, key, model, record_id) VALUES ($1, $2, $3, $4)",
            lane: Lane::ByKey,
            params: &params,
            types: &[TEXT, TEXT, TEXT, ParamType::one(PgType::Int8)],
        })
        .await?;
    Ok(())
}
