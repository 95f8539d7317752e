//! `artel access`: who may do what, and why.

use std::{fmt::Write, process::ExitCode};

use clap::Subcommand;
use orm::Session;

use crate::{
    App, Error,
    access::{self, DecidedBy, Decision, Explanation},
    cli::{Project, failure::Failure, look::look, output::print},
    environment::Opened,
};

/// What to say about rights.
#[derive(Subcommand)]
pub(crate) enum AccessCommand {
    /// Says what a user may do with one record, and why; reads the database.
    #[command(after_help = "Examples:\n  artel access explain ann leads 7")]
    Explain {
        /// Who signs in.
        login: String,
        /// The collection.
        model: String,
        /// The record.
        id: i64,
    },
    /// Prints what each role may do with each model, and which fields are closed.
    #[command(after_help = "Examples:
  artel access matrix            as modules declare it
  artel access matrix --stored   as the database holds it, with what people changed")]
    Matrix {
        /// Reads the rights in the database instead of the declared ones.
        #[arg(long)]
        stored: bool,
    },
}

pub(crate) fn run(project: &Project, command: &AccessCommand) -> Result<ExitCode, Failure> {
    let said = match command {
        AccessCommand::Explain { login, model, id } => {
            look(project, async |opened, system| explain(opened, system, login, (model, *id)).await)
        }
        AccessCommand::Matrix { stored: false } => {
            let plan = project.environment()?.plan()?;
            Ok(access::matrix(&plan.rights.compiled(&plan.schema), &plan.schema))
        }
        AccessCommand::Matrix { stored: true } => look(project, async |opened, system| {
            let App { rights, schema, .. } = &**opened.app();
            Ok(access::matrix(&*rights.latest(system).await?, schema))
        }),
    };
    print(&said?);
    Ok(ExitCode::SUCCESS)
}

async fn explain(
    opened: &Opened,
    system: &Session,
    login: &str,
    (model, id): (&str, i64),
) -> Result<String, Failure> {
    let app = opened.app();
    let accounts = app.accounts()?;
    let account = accounts.by_login(system, login).await?.ok_or_else(|| {
        Failure::new(format!("nobody signs in as `{login}`; `artel user list` shows everyone"))
    })?;
    let of = app.schema.by_table(model).ok_or_else(|| {
        Failure::new(format!("there is no model `{model}`; `artel modules` lists them"))
    })?;
    let standing = accounts.standing(system, account.id).await?.ok_or_else(Error::not_found)?;
    let explained = access::explain(app, system, &standing, (of, id)).await?;
    let missing = || Failure::new(format!("there is no record {id} in `{model}`"));
    Ok(shown(&explained.ok_or_else(missing)?))
}

/// A paragraph for each verb, then closed fields.
fn shown(explained: &Explanation) -> String {
    let Explanation { read, update, delete, closed_for_reading, closed_for_writing } = explained;
    let mut text = String::new();
    // Writing into a string cannot fail.
    for (verb, decision) in [("read", read), ("update", update), ("delete", delete)] {
        let Decision { is_allowed, decided_by, sql } = decision;
        let allowed = if *is_allowed { "yes" } else { "no" };
        let _ = writeln!(text, "{verb:<8}{allowed}: {}\n            {sql}", said(decided_by));
    }
    for (verb, fields) in [("reading", closed_for_reading), ("writing", closed_for_writing)] {
        if !fields.is_empty() {
            let _ = writeln!(text, "closed for {verb}: {}", fields.join(", "));
        }
    }
    text
}

fn said(decided_by: &DecidedBy) -> String {
    match decided_by {
        DecidedBy::NotActive => "blocked, and cannot sign in".to_owned(),
        DecidedBy::Administrator => "an administrator".to_owned(),
        DecidedBy::NoGrant => "no role has a grant for it".to_owned(),
        DecidedBy::Grant { id, role } => format!("grant #{id} of `{role}`, and no rule narrows it"),
        DecidedBy::Rule { id, name } => format!("rule #{id} `{name}`"),
        DecidedBy::NoRuleForRoles => "it has rules for roles, and none is for these".to_owned(),
        DecidedBy::Rules { ids } => {
            let ids: Vec<_> = ids.iter().map(|it| format!("#{it}")).collect();
            format!("the record passes none of the rules {}", ids.join(", "))
        }
        DecidedBy::Parent { model, id, decision } => {
            format!("it follows {model} {id}: {}", said(&decision.decided_by))
        }
        DecidedBy::BrokenRule { id, name } => {
            format!("rule #{id} `{name}` does not fit the model, and so closes it")
        }
        DecidedBy::NeedsRead => "it needs the right to read".to_owned(),
        DecidedBy::Module { name } => format!("module `{name}` refuses it"),
    }
}
