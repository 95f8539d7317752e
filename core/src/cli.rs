//! The command line over a project: serve it, look at it, work on its database.
//!
//! Modules add commands by [`Setup::command`](crate::Setup::command). Results go to standard output,
//! everything else to standard error.

mod command;

mod access;
mod check;
mod describe;
mod failure;
mod look;
mod migrate;
mod outbox;
mod output;
mod password;
mod progress_bar;
mod recompute;
mod seed;
mod serve;
mod settings_table;
mod signals;
mod user;

use std::{collections::BTreeMap, process::ExitCode};

use clap::{ArgAction, ArgMatches, FromArgMatches, Parser, Subcommand};

pub(crate) use crate::cli::command::{ModuleCommand, clashes};
pub use crate::cli::{
    command::Command,
    failure::Failure,
    output::{complain, print},
    password::read_password,
};
use crate::{
    Environment, Opened, Settings,
    cli::{
        access::AccessCommand, check::CheckArguments, migrate::MigrateArguments,
        outbox::OutboxCommand, recompute::RecomputeArguments, seed::SeedCommand,
        serve::ServeArguments, user::UserCommand,
    },
    environment::EnvironmentFaults,
    settings::{Mode, SchemaChange, Setting, Source},
};

/// A framework for business software, and the CRM built with it.
#[derive(Parser)]
#[command(name = "artel", version, after_help = EXAMPLES)]
struct Arguments {
    /// Without one: serve, in development with demo data.
    #[command(subcommand)]
    command: Option<BuiltIn>,
    /// Says more about a failure.
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    verbose: bool,
}

const EXAMPLES: &str = "Examples:
  artel                           serve; in development with demo data
  artel serve --listen 0.0.0.0:80 serve everyone on port 80
  artel check                     look for faults without a database
  artel settings                  what can be set, what is, and where it came from";

#[derive(Subcommand)]
enum BuiltIn {
    /// Serves the API until it is told to stop.
    Serve(ServeArguments),
    /// Looks for faults in settings, modules, models and rights.
    Check(CheckArguments),
    /// Says who may do what, and why.
    #[command(
        subcommand,
        after_help = "Examples:\n  artel access matrix\n  \
        artel access explain ann leads 7"
    )]
    Access(AccessCommand),
    /// Lists modules and services in the order in which they are started.
    #[command(after_help = "Examples:\n  artel modules")]
    Modules,
    /// Lists every route.
    #[command(after_help = "Examples:\n  artel routes | grep leads")]
    Routes,
    /// Lists every setting: its default, its value, where that came from.
    #[command(after_help = "Examples:\n  artel settings\n  ARTEL_MODE=production artel settings")]
    Settings,
    /// Writes the OpenAPI document.
    #[command(after_help = "Examples:\n  artel openapi > openapi.json")]
    Openapi,
    /// Writes the AsyncAPI document: the sockets and what is said over them.
    #[command(after_help = "Examples:\n  artel asyncapi > asyncapi.json")]
    Asyncapi,
    /// Makes and lists users, sets passwords.
    #[command(subcommand, after_help = "Examples:\n  artel user create ann\n  artel user list")]
    User(UserCommand),
    /// Lists messages that could not be delivered, has them retried, drops them.
    #[command(
        subcommand,
        after_help = "Examples:\n  artel outbox list\n  artel outbox retry --all"
    )]
    Outbox(OutboxCommand),
    /// Fills the database.
    #[command(subcommand, after_help = "Examples:\n  artel seed demo\n  artel seed demo --large")]
    Seed(SeedCommand),
    /// Brings the database to the schema of this program.
    Migrate(MigrateArguments),
    /// Works stored computed fields out anew.
    Recompute(RecomputeArguments),
}

/// Runs what the command line says.
pub fn main(environment: fn(Settings) -> Environment) -> ExitCode {
    let project = Project { environment };
    let added = project.commands();
    let matches = command::command_line(&added).get_matches();
    match run(&matches, &added, &project) {
        Ok(code) => code,
        Err(failure) => {
            failure.print(matches.get_flag("verbose"));
            ExitCode::FAILURE
        }
    }
}

fn run(
    matches: &ArgMatches,
    added: &[ModuleCommand],
    project: &Project,
) -> Result<ExitCode, Failure> {
    if let Some((name, behind)) = matches.subcommand()
        && !BuiltIn::has_subcommand(name)
        && let Some(command) = added.iter().find(|it| it.name() == name)
    {
        return run_added(command, behind, (added, project));
    }
    let arguments = Arguments::from_arg_matches(matches).unwrap_or_else(|it| it.exit());
    run_built_in(arguments.command, project)
}

/// Runs a command of a module.
fn run_added(
    command: &ModuleCommand,
    behind: &ArgMatches,
    (added, project): (&[ModuleCommand], &Project),
) -> Result<ExitCode, Failure> {
    let clashes = clashes(added);
    if !clashes.is_empty() {
        return Err(EnvironmentFaults(clashes).into());
    }
    let runtime = serve::runtime()?;
    let outcome = runtime.block_on(command.run(behind, project));
    // What still waits, for a line of the input, is not waited for.
    runtime.shutdown_background();
    outcome
}

fn run_built_in(command: Option<BuiltIn>, project: &Project) -> Result<ExitCode, Failure> {
    match command {
        None => serve::run_by_default(project),
        Some(BuiltIn::Serve(arguments)) => serve::run(project, &arguments),
        Some(BuiltIn::Check(arguments)) => check::run(project, &arguments),
        Some(BuiltIn::Access(command)) => access::run(project, &command),
        Some(BuiltIn::Modules) => describe::modules(project),
        Some(BuiltIn::Routes) => describe::routes(project),
        Some(BuiltIn::Settings) => settings_table::print(&source([])),
        Some(BuiltIn::Openapi) => describe::openapi(project),
        Some(BuiltIn::Asyncapi) => describe::asyncapi(project),
        Some(BuiltIn::User(command)) => user::run(project, command),
        Some(BuiltIn::Outbox(command)) => outbox::run(project, &command),
        Some(BuiltIn::Seed(command)) => seed::run(project, &command),
        Some(BuiltIn::Migrate(arguments)) => migrate::run(project, &arguments),
        Some(BuiltIn::Recompute(arguments)) => recompute::run(project, &arguments),
    }
}

/// What the program is made of.
pub struct Project {
    environment: fn(Settings) -> Environment,
}

impl Project {
    /// Opens the database under the settings of this process, works on it, and closes it again. It
    /// is quiet unless the settings ask it to speak.
    ///
    /// # Errors
    /// When settings or modules have faults, when the database is away, and what `work` gives.
    pub async fn opened<T>(
        &self,
        work: impl AsyncFnOnce(&Opened) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let opened = self.quiet_environment(SchemaChange::ByMode)?.open().await?;
        let done = work(&opened).await;
        opened.stop().await;
        done
    }

    /// The commands that modules add. Settings with faults do not hide them: each command says those
    /// faults itself, if they are its business.
    fn commands(&self) -> Vec<ModuleCommand> {
        let usual = || Settings::read(&Source::of([("ARTEL_MODE", "development")]));
        let settings = Settings::read(&source([])).or_else(|_| usual());
        settings.map_or_else(|_| Vec::new(), |it| (self.environment)(it).commands())
    }

    /// The environment under the settings of this process.
    fn environment(&self) -> Result<Environment, Failure> {
        self.environment_with(&source([]), SchemaChange::ByMode)
    }

    /// The same for a command that works on the database: it is quiet unless asked to speak, and
    /// leaves the schema to `schema_change`.
    fn quiet_environment(&self, schema_change: SchemaChange) -> Result<Environment, Failure> {
        let level = Setting::named("ARTEL_LOG__LEVEL").expect("it is in the table");
        let source = source([]);
        let is_set = source.find(level).is_ok_and(|it| it.is_some());
        let mut settings = Settings::read(&source)?;
        settings.schema_change = schema_change;
        if !is_set {
            settings.log.level = "warn".into();
        }
        Ok((self.environment)(settings))
    }

    /// The environment under these settings.
    fn environment_with(
        &self,
        source: &Source,
        schema_change: SchemaChange,
    ) -> Result<Environment, Failure> {
        let mut settings = Settings::read(source)?;
        settings.schema_change = schema_change;
        Ok((self.environment)(settings))
    }
}

/// The settings of this process under those that flags gave.
fn source<const N: usize>(flags: [(&str, Option<&str>); N]) -> Source {
    let given = flags.into_iter().filter_map(|(name, text)| Some((name.into(), text?.into())));
    Source::of_process(given.collect::<BTreeMap<String, String>>())
}

/// Whether nobody asked for anything else than an author's environment.
fn is_development(environment: &Environment) -> bool {
    environment.settings().mode == Mode::Development
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_examples() {
        let mut waiting = vec![Arguments::command()];
        while let Some(command) = waiting.pop() {
            waiting.extend(command.get_subcommands().cloned());
            let name = command.get_name();
            assert!(command.get_after_help().is_some(), "`{name}` has no examples");
        }
    }
}
