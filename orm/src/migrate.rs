//! How a database comes to have the tables of a schema: wanted → found → difference → applied.
//!
//! **Invariant:** what is done at once is done in one transaction, by one process at a time: a
//! database has the tables of one program or of another, never half of either.
//!
//! **Invariant:** tables that are not ours are never touched.

use std::fmt;

use crate::{
    Error, Result, Schema,
    migrate::{
        difference::{Difference, DraftStep, difference},
        layout::Rule,
        wanted::{HISTORY, tables_of},
    },
    pg::{Pool, Transaction},
};

mod alone;
mod difference;
mod expression;
mod found;
mod hash;
mod layout;
mod literal;
mod statement;
mod wanted;

pub mod database;

#[cfg(test)]
mod tests;

pub(crate) use crate::migrate::{
    hash::hash_of,
    layout::Table,
    wanted::{Draft, is_own_table},
};

/// One change of a database's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// In words: `add column products.sku`.
    pub what: String,
    /// The statements, separated by semicolons.
    pub sql: String,
    /// Why the rows that stand do not allow it, and what to do about it.
    pub obstacle: Option<&'static str>,
}

/// What a database has, seen from a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// None of our tables.
    Empty,
    /// All that the schema wants.
    Current,
    /// Less than the schema wants; these steps are missing.
    Behind(Vec<Step>),
    /// Something that a program with this schema cannot live with; each with its cure.
    Ahead(Vec<String>),
}

/// Whether a database that is behind may be changed. An empty one is set up in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Missing steps are applied.
    Additive,
    /// Nothing is changed.
    Refuse,
}

/// What became of a database at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// It was empty, and has its tables now.
    Created,
    /// It had all it needs.
    Unchanged,
    /// These steps were missing and are done.
    Applied(Vec<String>),
    /// These steps are missing; nothing was changed.
    Behind(Vec<String>),
    /// It was made by a newer program, or is not ours; nothing was changed.
    Ahead(Vec<String>),
}

/// Whether an index, a unique constraint or the primary key of a table begins with this column.
pub fn has_index(schema: &Schema, table: &str, column: &str) -> bool {
    let tables = tables_of(schema);
    let Some(table) = tables.iter().find(|it| it.name == table) else { return false };
    let of_all = table.indexes.iter().filter(|it| it.unique_while.is_none());
    let indexed = of_all.filter_map(|it| it.keys.first()).map(|it| &it.column);
    let unique = table.constraints.iter().filter(|it| it.rule == Rule::Unique);
    let unique = unique.filter_map(|it| it.columns.first());
    indexed.chain(unique).chain(table.primary_key.first()).any(|it| it == column)
}

/// The statements that make all tables of a schema in an empty database, in order.
pub fn ddl(schema: &Schema) -> Vec<String> {
    from_nothing(&tables_of(schema)).map(|it| it.sql).collect()
}

/// A short name of a schema's tables: equal for schemas with the same [`ddl`].
pub fn ddl_hash(schema: &Schema) -> String {
    hash_of(&ddl(schema))
}

/// Compares a database with a schema and changes nothing.
///
/// # Errors
/// When the database cannot be asked.
pub async fn inspect(pool: &Pool, schema: &Schema) -> Result<Found> {
    look_from(pool, &tables_of(schema)).await
}

/// Brings a database to the tables of a schema, as far as `policy` lets it.
///
/// Any number of processes may do this at once: one changes the tables, the others wait for it
/// and find them done. The tables themselves are looked at each time, which takes some
/// milliseconds: a note of what was applied once would not see what was changed by hand since.
///
/// # Errors
/// When the database cannot be asked, or refuses a step: then nothing was changed.
pub async fn prepare(pool: &Pool, schema: &Schema, policy: Policy) -> Result<Prepared> {
    let wanted = tables_of(schema);
    if let Plan::Leave(prepared) = plan(look_from(pool, &wanted).await?, &wanted, policy) {
        if prepared == Prepared::Unchanged {
            prove(pool, schema).await?;
        }
        return Ok(prepared);
    }
    let tx = alone::begin(pool).await?;
    match plan(look(&tx, &wanted).await?, &wanted, policy) {
        Plan::Leave(prepared) => {
            tx.rollback().await?;
            Ok(prepared)
        }
        Plan::Apply(steps, prepared) => {
            apply(&tx, &steps).await?;
            expression::prove(&tx, schema).await?;
            tx.batch(&note(&ddl_hash(schema), &steps)).await?;
            tx.commit().await?;
            Ok(prepared)
        }
    }
}

/// What is to be done about what was found.
enum Plan {
    Leave(Prepared),
    Apply(Vec<Step>, Prepared),
}

fn plan(found: Found, wanted: &[Table], policy: Policy) -> Plan {
    let listed = |steps: &[Step]| steps.iter().map(Step::to_string).collect::<Vec<_>>();
    match found {
        Found::Empty => Plan::Apply(from_nothing(wanted).collect(), Prepared::Created),
        Found::Current => Plan::Leave(Prepared::Unchanged),
        Found::Ahead(conflicts) => Plan::Leave(Prepared::Ahead(conflicts)),
        Found::Behind(steps) => {
            let list = listed(&steps);
            if policy == Policy::Refuse || steps.iter().any(|it| it.obstacle.is_some()) {
                Plan::Leave(Prepared::Behind(list))
            } else {
                Plan::Apply(steps, Prepared::Applied(list))
            }
        }
    }
}

fn from_nothing(wanted: &[Table]) -> impl Iterator<Item = Step> {
    difference(wanted, &[]).steps.into_iter().map(|it| it.step)
}

async fn look_from(pool: &Pool, wanted: &[Table]) -> Result<Found> {
    let tx = Transaction::begin(pool.acquire().await?);
    let found = look(&tx, wanted).await?;
    tx.rollback().await?;
    Ok(found)
}

/// Asks about expressions whose tables stand already.
async fn prove(pool: &Pool, schema: &Schema) -> Result<()> {
    let tx = Transaction::begin(pool.acquire().await?);
    expression::prove(&tx, schema).await?;
    tx.rollback().await
}

/// Looks at a database inside a transaction.
async fn look(tx: &Transaction, wanted: &[Table]) -> Result<Found> {
    let found = found::tables(tx).await?;
    let is_wanted = |it: &&Table| wanted.iter().any(|table| table.name == it.name);
    let ours: Vec<_> = found.iter().filter(is_wanted).map(|it| it.name.as_str()).collect();
    if ours.is_empty() {
        return Ok(Found::Empty);
    }
    if !ours.contains(&HISTORY) {
        return Ok(Found::Ahead(vec![format!(
            "the database has tables of the same names that this program did not make ({}): \
             give it a database of its own",
            ours.join(", "),
        )]));
    }
    let Difference { steps, conflicts } = difference(wanted, &found);
    if !conflicts.is_empty() {
        return Ok(Found::Ahead(conflicts));
    }
    if steps.is_empty() {
        return Ok(Found::Current);
    }
    Ok(Found::Behind(settle(tx, steps).await?))
}

/// Asks the rows what only they can tell: an obstacle that is none is taken away.
async fn settle(tx: &Transaction, drafts: Vec<DraftStep>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for DraftStep { mut step, question } in drafts {
        if let Some(question) = question
            && !found::is_so(tx, &question).await?
        {
            step.obstacle = None;
        }
        steps.push(step);
    }
    Ok(steps)
}

async fn apply(tx: &Transaction, steps: &[Step]) -> Result<()> {
    for step in steps {
        tx.batch(&step.sql).await.map_err(|failure| {
            let error = Error::from(failure);
            if error.is_unavailable() || error.is_busy() {
                return error;
            }
            let what =
                format!("could not {}: the database refused, nothing was changed", step.what);
            Error::broken(what).because(error)
        })?;
    }
    Ok(())
}

/// Says in the database itself what was done to it.
fn note(hash: &str, steps: &[Step]) -> String {
    let steps: Vec<_> = steps.iter().map(|it| it.what.as_str()).collect();
    let (hash, steps) = (statement::text(hash), statement::text(&steps.join("\n")));
    format!("insert into {HISTORY} (hash, steps) values ({hash}, {steps})")
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.obstacle.map_or(Ok(()), |it| write!(f, ": {it}"))
    }
}
