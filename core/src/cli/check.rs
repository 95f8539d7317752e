//! `artel check`: whether everything fits, and what becomes of the rules.

use std::{fmt::Write, process::ExitCode};

use clap::Args;

use crate::{
    access::{self, CompiledRights, Review},
    cli::{Project, describe::routes_of, failure::Failure, look::look, output::print},
    http::socket,
};

/// Looks for faults in settings, modules, models and rights.
#[derive(Args)]
#[command(after_help = "Examples:
  artel check && echo sound   touches no database
  artel check --stored        the rights that the database holds, with what people changed")]
pub(crate) struct CheckArguments {
    /// Looks at the rights in the database instead of the declared ones.
    #[arg(long)]
    stored: bool,
}

/// Says every fault; where there is none, what is doubtful, every rule, and that it fits.
pub(crate) fn run(project: &Project, arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let environment = project.environment()?;
    let plan = environment.plan()?;
    let routes = routes_of(project)?;
    let rights = match arguments.stored {
        true => look(project, async |opened, session| {
            let rights = opened.app().rights.latest(session).await?;
            Ok(rights)
        })?,
        false => plan.rights.compiled(&plan.schema).into(),
    };
    let mut review = access::review(&rights, &plan.rights, &plan.schema)?;
    if !plan.routes.sockets.is_empty() {
        review.warnings.extend(socket::doubt(&environment.settings().http));
    }
    print(&shown(&review));
    refuse_faults(&rights)?;
    print(&format!(
        "sound: {} modules, {} models, {} services, {} routes\n",
        plan.modules.len(),
        plan.schema.models().len(),
        plan.services.len(),
        routes.listing.len(),
    ));
    Ok(ExitCode::SUCCESS)
}

/// Stored rights can have come not to fit; declared ones were refused before.
fn refuse_faults(rights: &CompiledRights) -> Result<(), Failure> {
    match rights.faults() {
        [] => Ok(()),
        faults => Err(Failure::new(faults.join("\n"))),
    }
}

/// Warnings, then rules.
fn shown(review: &Review) -> String {
    let mut text: String = review.warnings.iter().map(|it| format!("warning: {it}\n")).collect();
    if !text.is_empty() {
        text.push('\n');
    }
    // Writing into a string cannot fail.
    for rule in &review.rules {
        let _ = writeln!(text, "{}\n    {}", rule.title, rule.sql);
    }
    if !review.reserved.is_empty() {
        let _ = writeln!(text, "\nfor administrators only: {}", review.reserved.join(", "));
    }
    text.push('\n');
    text
}
