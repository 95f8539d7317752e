//! Creating records.

use crate::{
    Error, RawChanges, Result, Scope, Session, Value, Verb,
    engine::{
        conflict,
        hold::hold_parents,
        hook::{self, WriteSet},
        links::{self, Links},
        prepare::{self, Prepared},
        reference,
        rows::{Rows, Written},
        touch,
        transaction::{in_transaction, refuse_written},
        whole,
    },
    schema::{FieldId, SchemaModel},
    sql::{self, Question},
};

/// Creates a record.
///
/// # Errors
/// Denied without a grant or when the new record is outside of the rule; invalid with every
/// fault of one stage; a conflict when it is not unique.
pub async fn create(
    session: &Session,
    model: &SchemaModel,
    changes: RawChanges,
) -> Result<Written> {
    allowed(session, model)?;
    let changes = prepare::in_own_company(session, model, changes);
    let (told, changes) = hook::told(model, changes);
    let (prepared, links) =
        &prepare::new_record(model, changes).await.map(|it| ([it.0], [it.1]))?;
    let told = &told;
    in_transaction(session, |session: Session| async move {
        let session = &session;
        let set = WriteSet { verb: Verb::Create, ids: &[], changes: told };
        hook::before(session, model, &set).await?;
        let rows = insert(session, model, prepared, links).await?;
        let (id, version) = (rows.int(model, "id")?, rows.int(model, "version")?);
        hook::after(session, model, &WriteSet { ids: &[id], ..set }).await?;
        let is_visible = judge(session, model, &rows).await?;
        touch::touch(session, model, &[id], Vec::new()).await?;
        Ok(Written { rows, is_visible, id, version })
    })
    .await
}

/// Creates records of one model in one statement, and one for each field that links them; their
/// ids, in the given order.
///
/// # Errors
/// As [`create`]; one fault refuses all.
pub async fn create_many(
    session: &Session,
    model: &SchemaModel,
    list: Vec<RawChanges>,
) -> Result<Vec<i64>> {
    allowed(session, model)?;
    let mut told = Vec::with_capacity(list.len());
    let mut prepared = Vec::with_capacity(list.len());
    let mut links = Vec::with_capacity(list.len());
    for changes in list {
        let changes = prepare::in_own_company(session, model, changes);
        let (of_row, changes) = hook::told(model, changes);
        told.push(of_row);
        let (row, of_row) = prepare::new_record(model, changes).await?;
        prepared.push(row);
        links.push(of_row);
    }
    if prepared.is_empty() {
        return Ok(Vec::new());
    }
    let (told, prepared, links) = (&told, &prepared, &links);
    in_transaction(session, |session: Session| async move {
        let session = &session;
        for changes in told {
            let set = WriteSet { verb: Verb::Create, ids: &[], changes };
            hook::before(session, model, &set).await?;
        }
        let rows = insert(session, model, prepared, links).await?;
        let ids = rows.ids(model)?;
        for (changes, id) in told.iter().zip(&ids) {
            let set = WriteSet { verb: Verb::Create, ids: std::slice::from_ref(id), changes };
            hook::after(session, model, &set).await?;
        }
        judge(session, model, &rows).await?;
        touch::touch(session, model, &ids, Vec::new()).await?;
        Ok(ids)
    })
    .await
}

/// A write needs read, too: what is written comes back.
fn allowed(session: &Session, model: &SchemaModel) -> Result<()> {
    match session.scope(model, Verb::Create) {
        Scope::Denied => Err(Error::denied()),
        Scope::All | Scope::Where(_) => Ok(()),
    }
}

/// Writes rows and their links.
async fn insert(
    session: &Session,
    model: &SchemaModel,
    rows: &[Prepared],
    links: &[Vec<Links>],
) -> Result<Rows> {
    if !session.is_system() {
        reference::check(session, model, rows, links).await?;
        whole::judge(session, model, &whole::named(model, rows)).await?;
    }
    let stamped = stamp(session, model);
    let own = rows[0].iter().map(|it| it.0);
    let fields: Vec<FieldId> = own.chain(stamped.iter().map(|it| it.0)).collect();
    let values = |row: &Prepared| row.iter().chain(&stamped).map(|it| it.1.clone()).collect();
    let statement = sql::insert(session, model, &fields, rows.iter().map(values).collect())?;
    let list = session.link().await?.fetch(&statement.statement()).await;
    let list = list.map_err(|it| conflict::of_write(model, it))?;
    let rows = Rows::of(statement.text, list);
    links::add(session, model, &rows.ids(model)?, links).await?;
    Ok(rows)
}

/// Who makes it, and when.
fn stamp(session: &Session, model: &SchemaModel) -> Prepared {
    let now = Value::DateTime(session.now());
    let who = session.asker_id().map_or(Value::Null, Value::Int);
    let values = [
        ("created_at", now.clone()),
        ("created_by", who.clone()),
        ("updated_at", now),
        ("updated_by", who),
    ];
    values.into_iter().filter_map(|(name, it)| Some((model.field(name)?.id, it))).collect()
}

/// Refuses new rows that the asker may not create; whether they may read the last of them.
///
/// What the statement could not judge by itself is asked once more, after it.
async fn judge(session: &Session, model: &SchemaModel, rows: &Rows) -> Result<bool> {
    let at = rows.text.layout.len();
    let mut is_visible = true;
    let mut unknown = Vec::new();
    for row in &rows.list {
        match (row.flag(at)?, row.flag(at + 1)?) {
            (Some(false), _) => return Err(refuse_written(session)),
            (Some(true), Some(it)) => is_visible = it,
            _ => unknown.push(row.int(rows.position(model, "id")?)?),
        }
    }
    if !unknown.is_empty() {
        hold_parents(session, model, &unknown).await?;
        let verbs = [Verb::Create, Verb::Read];
        let judged = sql::judge(session, model, unknown, Question::of(&verbs))?;
        for row in session.link().await?.fetch(&judged.statement()).await? {
            is_visible = row.bool(3)?;
            // The whole of a part was seen before it was held, and must be seen still.
            if !row.bool(2)? || (model.parent.is_some() && !is_visible) {
                return Err(refuse_written(session));
            }
        }
    }
    Ok(is_visible)
}
