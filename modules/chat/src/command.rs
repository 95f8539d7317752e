//! `artel chat`: talks in a terminal; says how the epochs of chats stand, and raises them.

use std::process::ExitCode;

use artel_core::{
    Session,
    cli::{Command, Failure, Project, print},
};
use clap::{Args, Parser, Subcommand};

use crate::{
    log::{
        epoch::{self, Epochs},
        lineage::{self, Lineage},
    },
    terminal::{self, TerminalArguments},
};

/// Talks in a terminal; raises the epoch of chats after a restore.
#[derive(Parser)]
#[command(
    name = "chat",
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:
  artel chat --user ann                                  lists chats; /help says what can be typed
  artel chat --user ann --chat 17
  artel chat --url https://crm.example.com --user ann
  echo 'The backup is done.' | ARTEL_CHAT_PASSWORD=… artel chat --user robot --chat 17

The password is asked for; it is ARTEL_CHAT_PASSWORD if that is set, and the first line of the input
where no terminal is."
)]
pub(crate) struct ChatCommand {
    #[command(subcommand)]
    work: Option<Work>,
    #[command(flatten)]
    terminal: TerminalArguments,
}

/// What there is to do beside talking.
#[derive(Subcommand)]
enum Work {
    /// Says how the epochs of chats stand; with --bump, raises them all.
    #[command(after_help = "Examples:
  artel chat epoch          how many chats there are, their highest epoch, which database it is
  artel chat epoch --bump   after a restore from a backup: clients drop what they know")]
    Epoch(EpochArguments),
}

#[derive(Args)]
struct EpochArguments {
    /// Raises the epoch of every chat: clients read it anew, within a poll.
    #[arg(long)]
    bump: bool,
}

impl Command for ChatCommand {
    async fn run(self, project: &Project) -> Result<ExitCode, Failure> {
        match self.work {
            None => terminal::run(self.terminal).await,
            Some(Work::Epoch(arguments)) => {
                let said = project.opened(async |opened| {
                    let session = Session::system(opened.app().database()?, "artel chat epoch");
                    if arguments.bump { raise(&session).await } else { say(&session).await }
                });
                print(&said.await?);
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

async fn raise(session: &Session) -> Result<String, Failure> {
    let raised = epoch::bump(session).await?;
    let Epochs { highest, .. } = epoch::epochs(session).await?;
    Ok(format!("raised the epoch of {raised} chats; the highest is {highest}\n"))
}

async fn say(session: &Session) -> Result<String, Failure> {
    let Epochs { chats, highest } = epoch::epochs(session).await?;
    let (here, remembered) = lineage::lineages(session).await?;
    let unknown = "not known: this role may not ask, or the server recovers";
    let here = here.as_ref().map_or(unknown.to_owned(), shown);
    let remembered = remembered.as_ref().map_or("nothing yet".to_owned(), shown);
    Ok(format!(
        "{chats} chats, the highest epoch is {highest}\nremembered  {remembered}\nnow         {here}\n"
    ))
}

fn shown(it: &Lineage) -> String {
    let Lineage { system_identifier, timeline, database_oid } = it;
    format!("system {system_identifier}, timeline {timeline}, database {database_oid}")
}
