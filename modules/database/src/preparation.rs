//! What a start does about the tables it finds, by mode.

use artel_core::{
    App, Error, Result,
    settings::{Mode, SchemaChange},
};
use orm::{
    Database, Pool, Session,
    engine::{self, Recompute, Recomputed},
    migrate::{self, Policy, Prepared},
};

/// Brings the tables to the schema, as far as the settings let it.
///
/// # Errors
/// Unavailable while somebody else has to migrate; broken when the database is newer.
pub(crate) async fn prepare(app: &App, pool: &Pool) -> Result<()> {
    let policy = match (app.settings.schema_change, app.settings.mode) {
        (SchemaChange::Leave, _) => return Ok(()),
        (SchemaChange::Apply, _) | (SchemaChange::ByMode, Mode::Development) => Policy::Additive,
        (SchemaChange::ByMode, Mode::Production) => Policy::Refuse,
    };
    match migrate::prepare(pool, &app.schema, policy).await? {
        Prepared::Unchanged => Ok(()),
        Prepared::Created => {
            tracing::info!(tables = app.schema.models().len(), "set up an empty database");
            Ok(())
        }
        Prepared::Applied(steps) => {
            for step in steps {
                tracing::info!(step, "changed the schema");
            }
            Ok(())
        }
        Prepared::Behind(steps) => Err(behind(policy, &steps)),
        Prepared::Ahead(conflicts) => Err(Error::broken(format!(
            "the database is newer than this program, or not ours: {}; run the program that made \
             it, or name another database",
            conflicts.join("; ")
        ))),
    }
}

/// Works computed fields out anew whose definition has changed.
///
/// # Errors
/// When the database is away; whatever a field's function fails with.
pub(crate) async fn recompute(app: &App, database: &Database) -> Result<()> {
    if app.settings.schema_change == SchemaChange::Leave {
        return Ok(());
    }
    let session = Session::system(database, "recompute");
    let told = |it: &Recomputed| {
        if it.total > 0 {
            let fields = it.fields.join(", ");
            tracing::info!(model = it.model, fields, done = it.done, of = it.total, "recompute");
        }
    };
    engine::recompute(&session, Recompute::Changed, told).await?;
    Ok(())
}

/// Another process may migrate while this one waits; what rows stand against, only a person can
/// mend.
fn behind(policy: Policy, steps: &[String]) -> Error {
    let steps = steps.join("; ");
    match policy {
        Policy::Refuse => Error::unavailable(format!(
            "the database has an older schema; run `artel migrate`, or `artel serve --migrate`; \
             missing: {steps}"
        )),
        Policy::Additive => {
            Error::broken(format!("the schema cannot be changed as the rows are: {steps}"))
        }
    }
}
