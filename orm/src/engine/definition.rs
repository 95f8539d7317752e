//! Stored computed fields whose definition has changed: their records are worked out anew, in
//! batches, each a transaction of its own; whoever goes on does so where the last one stopped.
//!
//! The table `computed_fields` holds by which definition a field was last worked out, and how far.

use std::{collections::BTreeSet, iter};

use crate::{
    Error, Filter, Op, Operand, PgType, Result, Session, Value, Verb,
    engine::{
        change_set::RawSet,
        list::{Count, List, list},
        work::Work,
    },
    pg::{Lane, ParamType, Row, Statement},
    schema::{FieldId, SchemaModel, dependency::Stage},
    sql::SortKey,
};

/// Records of one transaction.
const BATCH: i64 = 500;
/// The position of a field whose records are all worked out.
const DONE: i64 = -1;

/// Which stored computed fields are worked out anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recompute<'a> {
    /// Those whose definition has changed since they were last worked out.
    Changed,
    /// Those of one model.
    Model(&'a str),
    /// All of them.
    All,
}

/// How far one stage of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    /// The table.
    pub model: &'static str,
    /// The declared names of the fields.
    pub fields: Vec<&'static str>,
    /// Records that are worked out.
    pub done: i64,
    /// Records that there were when it began.
    pub total: i64,
}

/// Works out stored computed fields anew, and all that follows from them; `told` hears of every
/// batch. How many records were looked at.
///
/// # Errors
/// Denied for anyone but the system; whatever an author's function fails with. What was done
/// until then stays done.
pub async fn recompute(
    session: &Session,
    which: Recompute<'_>,
    mut told: impl FnMut(&Recomputed),
) -> Result<i64> {
    if !session.is_system() {
        return Err(Error::denied());
    }
    let schema = session.database().schema().clone();
    let known = known(session).await?;
    let mut looked_at = 0;
    for stage in &schema.dependencies.stages {
        let model = schema.model(stage.model);
        if begin(session, model, stage, (which, &known)).await? {
            let progress = Recomputed {
                model: model.def.table,
                fields: stage.fields.iter().map(|it| model.at(it.field).def.name).collect(),
                done: 0,
                total: total(session, model).await?,
            };
            looked_at += run(session, model, stage, progress, &mut told).await?;
        }
    }
    Ok(looked_at)
}

/// All records of one stage.
async fn run(
    session: &Session,
    model: &SchemaModel,
    stage: &Stage,
    mut progress: Recomputed,
    told: &mut impl FnMut(&Recomputed),
) -> Result<i64> {
    told(&progress);
    loop {
        let tx = session.begin().await?;
        let done = match batch(&tx, model, stage).await {
            Ok(done) => done,
            Err(error) => {
                tx.rollback().await?;
                return Err(error);
            }
        };
        tx.commit().await?;
        progress.done += done;
        progress.total = progress.total.max(progress.done);
        told(&progress);
        if done == 0 {
            return Ok(progress.done);
        }
    }
}

/// The next records of a stage; none when there are no more, or somebody else was faster.
async fn batch(session: &Session, model: &SchemaModel, stage: &Stage) -> Result<i64> {
    let Some(position) = position(session, model, stage).await? else { return Ok(0) };
    let ids = next(session, model, position).await?;
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let last = ids.iter().next_back().copied();
    if !ids.is_empty() {
        let mut work = Work::new(session.clone());
        work.checks_followed = false;
        let nothing = RawSet::new(session, model, Verb::Update, iter::empty());
        let ids = (ids, &nothing);
        let mut set: RawSet = work.bring_up_to_date(model, &stage.fields, ids).await?;
        work.note_stale(&set).await?;
        work.recompute(&mut set).await?;
        work.settle().await?;
    }
    for field in &stage.fields {
        remember(session, model, field.field, last.unwrap_or(DONE)).await?;
    }
    Ok(count)
}

/// The records behind a position, in the order of their keys.
async fn next(session: &Session, model: &SchemaModel, position: i64) -> Result<BTreeSet<i64>> {
    let id = model.field("id").ok_or_else(|| Error::broken("a model without a key"))?.id;
    let operand = Operand::Value(Value::Int(position));
    let of = List {
        fields: vec![id],
        filter: Filter::Compare { field: "id", op: Op::Gt, operand },
        sort: vec![SortKey { hops: Vec::new(), field: "id", is_descending: false }],
        limit: BATCH,
        offset: 0,
        count: Count::None,
        expand: Vec::new(),
    };
    let found = list(session, model, &of).await?;
    found.rows.list.iter().map(|it| it.int(0)).collect()
}

async fn total(session: &Session, model: &SchemaModel) -> Result<i64> {
    super::list::count(session, model, &Filter::all()).await
}

/// By which definition a field is worked out, as its row holds it.
fn definition(model: &SchemaModel, field: FieldId) -> String {
    let def = model.at(field).def;
    let inputs = def.compute.map_or(&[] as &[&str], |it| it.inputs).join(" ");
    let revision = def.compute.as_ref().and_then(|it| it.stored()).map_or(0, |it| it.revision);
    let scale = def.scale.map_or(String::new(), |it| format!(" places {it}"));
    format!("{revision}: {inputs}{scale}")
}

/// What a row of the table says.
struct Known {
    model: String,
    field: String,
    definition: String,
    position: i64,
}

async fn known(session: &Session) -> Result<Vec<Known>> {
    let all = "SELECT model, field, definition, position FROM computed_fields";
    let known = |row: &Row| {
        let [model, field, definition] = [row.text(0)?, row.text(1)?, row.text(2)?];
        Ok(Known { model, field, definition, position: row.int(3)? })
    };
    fetch(session, all, &[]).await?.iter().map(known).collect()
}

/// Whether anything of a stage is to be worked out: what was asked for begins anew.
async fn begin(
    session: &Session,
    model: &SchemaModel,
    stage: &Stage,
    (which, known): (Recompute<'_>, &[Known]),
) -> Result<bool> {
    let is_asked = match which {
        Recompute::Changed => false,
        Recompute::Model(table) => table == model.def.table,
        Recompute::All => true,
    };
    if matches!(which, Recompute::Model(_)) && !is_asked {
        return Ok(false);
    }
    let mut is_begun = false;
    for field in &stage.fields {
        let name = model.at(field.field).def.name;
        let is_meant = |it: &&Known| it.model == model.def.table && it.field == name;
        let wanted = definition(model, field.field);
        match known.iter().find(is_meant).filter(|it| it.definition == wanted && !is_asked) {
            Some(it) if it.position == DONE => continue,
            // Somebody stopped on the way: it goes on from there.
            Some(_) => {}
            None => remember(session, model, field.field, 0).await?,
        }
        is_begun = true;
    }
    Ok(is_begun)
}

/// How far a stage is, held until the end of the transaction; nothing when it is done.
async fn position(session: &Session, model: &SchemaModel, stage: &Stage) -> Result<Option<i64>> {
    let mut position = None;
    for field in &stage.fields {
        let (table, name) = key(model, field.field);
        let held = fetch(
            session,
            "SELECT position FROM computed_fields WHERE model = $1 AND field = $2 FOR UPDATE",
            &[table, name],
        )
        .await?;
        let at = held.first().map_or(Ok(DONE), |it| it.int(0))?;
        if at != DONE {
            position = Some(position.map_or(at, |it: i64| it.min(at)));
        }
    }
    Ok(position)
}

async fn remember(
    session: &Session,
    model: &SchemaModel,
    field: FieldId,
    position: i64,
) -> Result<()> {
    let (table, name) = key(model, field);
    let params = [table, name, Value::Text(definition(model, field)), Value::Int(position)];
    fetch(
        session,
        "INSERT INTO computed_fields (model, field, definition, position) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (model, field) DO UPDATE SET definition = $3, position = $4",
        &params,
    )
    .await
    .map(drop)
}

fn key(model: &SchemaModel, field: FieldId) -> (Value, Value) {
    let text = |it: &str| Value::Text(it.to_owned());
    (text(model.def.table), text(model.at(field).def.name))
}

async fn fetch(session: &Session, sql: &'static str, params: &[Value]) -> Result<Vec<Row>> {
    let of = |it: &Value| match it {
        Value::Int(_) => ParamType::one(PgType::Int8),
        _ => ParamType::one(PgType::Text),
    };
    let types: Vec<ParamType> = params.iter().map(of).collect();
    let statement = Statement { sql, lane: Lane::ByKey, params, types: &types };
    Ok(session.link().await?.fetch(&statement).await?)
}
