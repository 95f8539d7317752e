//! `artel migrate`: brings the database to the schema of this program.

use std::{fmt::Write, process::ExitCode};

use clap::Args;
use orm::{
    engine::Recompute,
    migrate::{self, Found, Policy, Prepared},
};

use crate::{
    cli::{Project, failure::Failure, output::print, recompute, serve::runtime},
    environment::Opened,
    settings::SchemaChange,
};

/// Brings the database to the schema of this program.
#[derive(Args)]
#[command(after_help = "Examples:
  artel migrate --status   how far the database is
  artel migrate --plan     the statements that would run
  artel migrate            run them")]
pub(crate) struct MigrateArguments {
    /// Shows the statements and changes nothing.
    #[arg(long, conflicts_with = "status")]
    plan: bool,
    /// Says how far the database is and changes nothing.
    #[arg(long)]
    status: bool,
}

pub(crate) fn run(project: &Project, arguments: &MigrateArguments) -> Result<ExitCode, Failure> {
    let environment = project.quiet_environment(SchemaChange::Leave)?;
    runtime()?.block_on(async {
        let opened = environment.open().await?;
        let said = match (arguments.plan, arguments.status) {
            (true, _) => plan(&opened).await,
            (_, true) => status(&opened).await,
            (false, false) => apply(&opened).await,
        };
        let said = match (&said, arguments.plan || arguments.status) {
            (Ok(_), false) => {
                match recompute::bring_up_to_date(&opened, Recompute::Changed).await {
                    Ok(_) => said,
                    Err(failure) => Err(failure),
                }
            }
            _ => said,
        };
        opened.stop().await;
        print(&said?);
        Ok(ExitCode::SUCCESS)
    })
}

/// The statements that are missing, each under what it does.
async fn plan(opened: &Opened) -> Result<String, Failure> {
    match inspect(opened).await? {
        Found::Current => Ok("-- nothing to do\n".into()),
        Found::Empty => {
            let statements = migrate::ddl(&opened.app().schema);
            Ok(statements.iter().map(|it| format!("{it};\n")).collect())
        }
        Found::Behind(steps) => {
            let mut text = String::new();
            for step in steps {
                // Writing into a string cannot fail.
                let _ = writeln!(text, "-- {step}\n{};", step.sql);
            }
            Ok(text)
        }
        Found::Ahead(conflicts) => Err(ahead(&conflicts)),
    }
}

async fn status(opened: &Opened) -> Result<String, Failure> {
    match inspect(opened).await? {
        Found::Current => Ok("the database has the schema of this program\n".into()),
        Found::Empty => Ok("the database is empty; `artel migrate` sets it up\n".into()),
        Found::Behind(steps) => {
            let list: String = steps.iter().map(|it| format!("  {it}\n")).collect();
            let count = steps.len();
            Ok(format!("{count} steps are missing; `artel migrate` applies them:\n{list}"))
        }
        Found::Ahead(conflicts) => Err(ahead(&conflicts)),
    }
}

async fn apply(opened: &Opened) -> Result<String, Failure> {
    let app = opened.app();
    let pool = app.database()?.pool();
    match migrate::prepare(pool, &app.schema, Policy::Additive).await.map_err(crate::Error::from)? {
        Prepared::Created => Ok("the database was empty and is set up\n".into()),
        Prepared::Unchanged => Ok("nothing to do\n".into()),
        Prepared::Applied(steps) => Ok(steps.iter().map(|it| format!("{it}\n")).collect()),
        Prepared::Behind(steps) => Err(Failure::new(format!(
            "nothing was changed, because some steps are not possible as the rows are:\n{}",
            steps.join("\n")
        ))),
        Prepared::Ahead(conflicts) => Err(ahead(&conflicts)),
    }
}

async fn inspect(opened: &Opened) -> Result<Found, Failure> {
    let app = opened.app();
    let found = migrate::inspect(app.database()?.pool(), &app.schema).await;
    Ok(found.map_err(crate::Error::from)?)
}

fn ahead(conflicts: &[String]) -> Failure {
    Failure::new(format!(
        "the database is newer than this program, or not ours:\n{}",
        conflicts.join("\n")
    ))
}
