//! Why an asker may or may not do something with one record: the same rights as every statement
//! carries, taken apart.

use crate::{
    Error, ErrorKind, Filter, Outlook, Result, Scope, Session, Verb,
    engine::{change_set::RawSet, hook, request::Request, update},
    schema::SchemaModel,
    sql,
};

/// What PostgreSQL says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// The record whose rights it follows.
    pub parent: Option<i64>,
    /// Whether the asker may do each of the verbs, in their order.
    pub verbs: Vec<bool>,
    /// Whether it passes each of the rules, in their order.
    pub rules: Vec<bool>,
}

/// Judges one record, hidden or not, by the rights of the session and by rules of one's own; all
/// in one statement. `None` when there is no such record.
///
/// # Errors
/// When a rule names what the model has not, or the database is away.
pub async fn verdicts(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    verbs: &[Verb],
    rules: &[Filter],
) -> Result<Option<Verdicts>> {
    let statement = sql::verdicts(session, model, id, verbs, rules)?;
    let rows = session.link().await?.fetch(&statement.statement()).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let flags = |from: usize, count: usize| -> Result<Vec<bool>> {
        (from..from + count).map(|at| row.bool(at)).collect()
    };
    Ok(Some(Verdicts {
        parent: row.optional_int(0)?,
        verbs: flags(1, verbs.len())?,
        rules: flags(1 + verbs.len(), rules.len())?,
    }))
}

/// The condition that a rule puts into statements about `model`, its values as parameters.
///
/// # Errors
/// When it names what the model has not.
pub fn rule_sql(outlook: Outlook<'_>, model: &SchemaModel, rule: &Filter) -> Result<String> {
    sql::rule_sql(outlook, model, rule)
}

/// The same of all that the asker may do `verb` with.
///
/// # Errors
/// When a rule names what the model has not.
pub fn scope_sql(outlook: Outlook<'_>, model: &SchemaModel, verb: Verb) -> Result<String> {
    match outlook.scope(model, verb) {
        Scope::Denied => Ok("FALSE".to_owned()),
        Scope::All => Ok("TRUE".to_owned()),
        Scope::Where(rule) => rule_sql(outlook, model, &rule),
    }
}

/// Whether the author of the model denies the asker to touch a record, whatever rights say: the
/// hook before a write is asked, and what it did is undone.
///
/// # Errors
/// Any but that of the hook.
pub async fn is_denied_by_author(
    session: &Session,
    model: &SchemaModel,
    id: i64,
    verb: Verb,
) -> Result<bool> {
    if model.authors(|it| it.before, |it| it.before).next().is_none() {
        return Ok(false);
    }
    let tx = session.begin().await?;
    let said = ask(&tx, model, id, verb).await;
    tx.rollback().await?;
    match said {
        Err(error) if matches!(error.kind(), ErrorKind::Denied) => Ok(true),
        Err(error) if is_fault(&error) => Err(error),
        _ => Ok(false),
    }
}

async fn ask(session: &Session, model: &SchemaModel, id: i64, verb: Verb) -> Result<()> {
    let nothing = [(Some(id), Request::default())];
    let mut set = RawSet::new(session, model, verb, nothing.into_iter());
    update::read_old(session, model, &mut set).await?;
    hook::before(session, set).await.map(drop)
}

/// Whether an error is no refusal, but a failure to say.
fn is_fault(error: &Error) -> bool {
    error.is_unavailable() || error.is_busy() || matches!(error.kind(), ErrorKind::Broken(_))
}
