//! Commands that modules add to the command line.
//!
//! **Invariant:** a name means one command: two that want the same are a fault of the start, which
//! names both.

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, Parser};
use futures_util::future::LocalBoxFuture;

use crate::cli::{Arguments, Failure, Project};

/// A command that a module adds to the command line: `artel contracts`.
///
/// Its name, its line in `artel --help`, its arguments and its examples are those of its
/// `#[derive(clap::Parser)]`; it may have commands of its own.
pub trait Command: Parser + 'static {
    /// Does what it is asked for. Results go to standard output by [`print`](crate::cli::print),
    /// everything else to standard error by [`complain`](crate::cli::complain).
    ///
    /// # Errors
    /// Why it could not be done; the program then ends with 1.
    fn run(self, project: &Project) -> impl Future<Output = Result<ExitCode, Failure>>;
}

/// A command, and the module that brings it.
pub(crate) struct ModuleCommand {
    pub(crate) module: &'static str,
    pub(crate) definition: clap::Command,
    run: for<'a> fn(&'a ArgMatches, &'a Project) -> Outcome<'a>,
}

type Outcome<'a> = LocalBoxFuture<'a, Result<ExitCode, Failure>>;

impl ModuleCommand {
    pub(crate) fn of<C: Command>(module: &'static str) -> Self {
        Self { module, definition: C::command(), run: run::<C> }
    }

    pub(crate) fn name(&self) -> &str {
        self.definition.get_name()
    }

    /// Runs it with what stands behind its name.
    pub(super) fn run<'a>(&self, matches: &'a ArgMatches, project: &'a Project) -> Outcome<'a> {
        (self.run)(matches, project)
    }
}

fn run<'a, C: Command>(matches: &'a ArgMatches, project: &'a Project) -> Outcome<'a> {
    Box::pin(async move {
        let command = C::from_arg_matches(matches).unwrap_or_else(|it| it.exit());
        command.run(project).await
    })
}

/// Names that two want, or that the command line has itself.
pub(crate) fn clashes(commands: &[ModuleCommand]) -> Vec<String> {
    let own = Arguments::command();
    let mut faults = Vec::new();
    for (at, command) in commands.iter().enumerate() {
        let (name, module) = (command.name(), command.module);
        if name == "help" || own.find_subcommand(name).is_some() {
            faults.push(format!(
                "module `{module}` adds the command `{name}`, and `artel {name}` is there already; \
                 rename the module's"
            ));
        } else if let Some(first) = commands[..at].iter().find(|it| it.name() == name) {
            let first = first.module;
            faults.push(format!(
                "the modules `{first}` and `{module}` both add the command `{name}`; rename one"
            ));
        }
    }
    faults
}

/// The command line with those commands whose names are free.
pub(super) fn command_line(commands: &[ModuleCommand]) -> clap::Command {
    commands.iter().fold(Arguments::command(), |line, it| {
        match it.name() == "help" || line.find_subcommand(it.name()).is_some() {
            true => line,
            false => line.subcommand(it.definition.clone()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says something.
    #[derive(Parser)]
    #[command(name = "say")]
    struct Say {
        /// What.
        what: String,
    }

    /// Serves in another way.
    #[derive(Parser)]
    #[command(name = "serve")]
    struct Serve {}

    impl Command for Say {
        async fn run(self, _: &Project) -> Result<ExitCode, Failure> {
            Err(Failure::new(self.what))
        }
    }

    impl Command for Serve {
        async fn run(self, _: &Project) -> Result<ExitCode, Failure> {
            Ok(ExitCode::SUCCESS)
        }
    }

    #[test]
    fn a_command_stands_beside_those_of_the_program() {
        let commands = [ModuleCommand::of::<Say>("talk")];
        assert!(clashes(&commands).is_empty());
        let mut line = command_line(&commands);
        line.clone().debug_assert();
        let help = line.render_help().to_string();
        assert!(help.contains("  say ") && help.contains("Says something"), "{help}");
        let matches = line.get_matches_from(["artel", "say", "hello"]);
        assert_eq!(matches.subcommand_name(), Some("say"));
    }

    #[test]
    fn a_name_that_two_want_is_said_with_both() {
        let commands = [
            ModuleCommand::of::<Say>("talk"),
            ModuleCommand::of::<Serve>("talk"),
            ModuleCommand::of::<Say>("shout"),
        ];
        assert_eq!(
            clashes(&commands).join("\n"),
            "module `talk` adds the command `serve`, and `artel serve` is there already; rename \
             the module's\n\
             the modules `talk` and `shout` both add the command `say`; rename one"
        );
        command_line(&commands).debug_assert();
    }
}
