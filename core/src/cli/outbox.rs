//! `artel outbox`: what could not be delivered, and what becomes of it.

use std::{fmt::Write, process::ExitCode};

use clap::{Args, Subcommand};
use orm::{
    Session,
    engine::{self, Stuck},
};

use crate::{
    Error,
    cli::{Project, failure::Failure, output::print, serve::runtime},
};

/// Messages that are listed at the most.
const LIST_MAX: i64 = 1_000;

/// What to do with messages.
#[derive(Subcommand)]
pub(crate) enum OutboxCommand {
    /// Lists messages that have failed, and says how many wait.
    #[command(after_help = "Examples:\n  artel outbox list")]
    List,
    /// Has messages delivered that are parked: at once, as if they had never failed.
    #[command(after_help = "Examples:\n  artel outbox retry 12\n  artel outbox retry --all")]
    Retry(Which),
    /// Drops a message for good; what was sent of its record afterwards is delivered then.
    #[command(after_help = "Examples:\n  artel outbox drop 12")]
    Drop {
        /// Its number, as the list says it.
        id: i64,
    },
}

/// Which messages.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// The number of one, as the list says it.
    id: Option<i64>,
    /// All that are parked.
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(project: &Project, command: &OutboxCommand) -> Result<ExitCode, Failure> {
    let work = project.opened(async |opened| {
        let session = Session::system(opened.app().database()?, "artel outbox");
        carry_out(&session, command).await
    });
    print(&runtime()?.block_on(work)?);
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(session: &Session, command: &OutboxCommand) -> Result<String, Failure> {
    match command {
        OutboxCommand::List => list(session).await,
        OutboxCommand::Retry(which) => {
            let tried = engine::retry_deliveries(session, which.id).await.map_err(Error::from)?;
            match (tried, which.id) {
                (0, Some(id)) => Err(unknown(id)),
                _ => Ok(format!("{tried} will be delivered\n")),
            }
        }
        OutboxCommand::Drop { id } => {
            match engine::drop_delivery(session, *id).await.map_err(Error::from)? {
                true => Ok(format!("{id} is dropped\n")),
                false => Err(unknown(*id)),
            }
        }
    }
}

fn unknown(id: i64) -> Failure {
    Failure::new(format!("there is no message {id}; `artel outbox list` shows those that failed"))
}

async fn list(session: &Session) -> Result<String, Failure> {
    let stuck = engine::stuck_deliveries(session, LIST_MAX).await.map_err(Error::from)?;
    let mut text = String::new();
    if !stuck.is_empty() {
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "{:<10}{:<28}{:<28}{:<10}{:<20}NEXT",
            "ID", "TOPIC", "RECORD", "ATTEMPTS", "ERROR"
        );
    }
    for Stuck { delivery, due_at, failed_at, error } in stuck {
        let record = format!("{}/{}", delivery.model, delivery.record_id);
        let next = match (failed_at, due_at) {
            (Some(_), _) => "parked".to_owned(),
            (None, Some(at)) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            (None, None) => "now".to_owned(),
        };
        let _ = writeln!(
            text,
            "{:<10}{:<28}{record:<28}{:<10}{:<20}{next}",
            delivery.id,
            delivery.topic,
            delivery.attempts,
            error.unwrap_or_default(),
        );
    }
    let found = engine::outbox(session).await.map_err(Error::from)?;
    let _ = writeln!(text, "{} waiting, {} parked", found.waiting, found.failed);
    Ok(text)
}
