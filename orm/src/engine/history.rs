//! Who changed which record, when, and how: written with the change, read by whoever may read the
//! record now.
//!
//! One row for each record that a set has written, in the framework's table `history`, which is
//! found by record. What PostgreSQL does by itself when another record goes (parts that go with
//! their whole, references that become absent) is an entry of that other record alone.
//!
//! **Invariant:** a secret is never in it, nor that it was changed; nor are the fields of the
//! framework.

use crate::{
    FieldDef, PgType, Result, Retention, Session, Value, Verb,
    engine::{change_set::RawSet, links::Relinked, snapshot::Snapshot},
    json,
    pg::{Lane, ParamType, Statement},
    schema::{SchemaField, SchemaModel},
};

/// What became of one record.
pub(super) struct Altered<'a> {
    pub(super) id: i64,
    /// As it was; of a new record, nothing.
    pub(super) old: Option<&'a Snapshot>,
    /// As it is; of a deleted record, nothing.
    pub(super) new: Option<&'a Snapshot>,
    pub(super) links: &'a [Relinked],
}

/// Remembers what a set has written, where its model says so.
pub(super) async fn record_set(session: &Session, set: &RawSet) -> Result<()> {
    let is_deleted = set.verb == Verb::Delete;
    let written = set.rows.iter().filter(|it| is_deleted || it.new.is_some());
    let written = written.filter_map(|row| {
        let (old, new, links) = (row.old.as_ref(), row.new.as_ref(), &*row.relinked);
        Some(Altered { id: row.id?, old, new, links })
    });
    record(session, set.model(), set.verb, written).await
}

/// Remembers what was written of records of one model, where it says so: one statement.
pub(super) async fn record<'a>(
    session: &Session,
    model: &SchemaModel,
    verb: Verb,
    written: impl Iterator<Item = Altered<'a>>,
) -> Result<()> {
    if model.def.history.is_none() {
        return Ok(());
    }
    let (mut ids, mut texts) = (Vec::new(), Vec::new());
    for it in written {
        if let Some(changes) = changes_of(model, &it)? {
            ids.push(Value::Int(it.id));
            texts.push(Value::Text(changes));
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    let statement = Statement {
        sql: "INSERT INTO history (model, verb, at, by_id, record_id, changes) \
              SELECT $1, $2, $3, $4, it.id, it.changes::json \
              FROM unnest($5, $6) WITH ORDINALITY AS it (id, changes, number) \
              ORDER BY it.number",
        lane: Lane::ByKey,
        params: &[
            Value::Text(model.def.table.to_owned()),
            Value::Text(name_of(verb).to_owned()),
            Value::DateTime(session.now()),
            session.asker_id().map_or(Value::Null, Value::Int),
            Value::List(ids),
            Value::List(texts),
        ],
        types: &[
            ParamType::one(PgType::Text),
            ParamType::one(PgType::Text),
            ParamType::one(PgType::Timestamptz),
            ParamType::one(PgType::Int8),
            ParamType::list(PgType::Int8),
            ParamType::list(PgType::Text),
        ],
    };
    session.link().await?.fetch(&statement).await?;
    Ok(())
}

/// `{"price":{"old":"1.00","new":"2.00"},"tags":{"added":[3],"removed":[]}}`, by declared names;
/// nothing where nothing is to be told.
fn changes_of(model: &SchemaModel, written: &Altered<'_>) -> Result<Option<String>> {
    let mut out = vec![b'{'];
    let is_kept = |it: &&SchemaField| it.is_stored() && !it.is_framework && !it.def.is_secret();
    for field in model.columns().filter(is_kept) {
        let value =
            |of: Option<&Snapshot>| of.map_or(Ok(Value::Null), |it| it.value(model, field.id));
        let (old, new) = (value(written.old)?, value(written.new)?);
        if old != new {
            begin(&mut out, field.def);
            json::key(&mut out, "old");
            json::field(&mut out, field.def, &old);
            out.push(b',');
            json::key(&mut out, "new");
            json::field(&mut out, field.def, &new);
            out.push(b'}');
        }
    }
    for links in written.links {
        begin(&mut out, model.at(links.field).def);
        json::key(&mut out, "added");
        json::value(&mut out, &list(&links.added));
        out.push(b',');
        json::key(&mut out, "removed");
        json::value(&mut out, &list(&links.removed));
        out.push(b'}');
    }
    out.push(b'}');
    let is_empty = out.len() == 2;
    // Every writer of JSON writes UTF-8.
    Ok((!is_empty).then(|| String::from_utf8_lossy(&out).into_owned()))
}

fn begin(out: &mut Vec<u8>, field: &FieldDef) {
    if out.len() > 1 {
        out.push(b',');
    }
    json::key(out, field.name);
    out.push(b'{');
}

pub(super) fn list(ids: &[i64]) -> Value {
    Value::List(ids.iter().copied().map(Value::Int).collect())
}

fn name_of(verb: Verb) -> &'static str {
    match verb {
        Verb::Create => "create",
        Verb::Read => "read",
        Verb::Update => "update",
        Verb::Delete => "delete",
    }
}

/// Forgets what no model wants remembered any longer, at most `max` entries of each; how many.
///
/// # Errors
/// Denied for anyone but the system.
pub async fn forget_history(session: &Session, max: i64) -> Result<u64> {
    if !session.is_system() {
        return Err(crate::Error::denied());
    }
    let mut forgotten = 0;
    for model in session.schema().models() {
        let Some(Retention::Days(days)) = model.def.history else { continue };
        let Some(before) = session.now().checked_sub_days(chrono::Days::new(days.into())) else {
            continue;
        };
        let statement = Statement {
            sql: "DELETE FROM history WHERE id = ANY(ARRAY(SELECT id FROM history \
                  WHERE model = $1 AND at < $2 ORDER BY at LIMIT $3)) RETURNING id",
            lane: Lane::ByKey,
            params: &[
                Value::Text(model.def.table.to_owned()),
                Value::DateTime(before),
                Value::Int(max),
            ],
            types: &[
                ParamType::one(PgType::Text),
                ParamType::one(PgType::Timestamptz),
                ParamType::one(PgType::Int8),
            ],
        };
        forgotten += session.link().await?.fetch(&statement).await?.len() as u64;
    }
    Ok(forgotten)
}
