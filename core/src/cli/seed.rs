//! `artel seed`: fills the database.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::{
    cli::{Project, failure::Failure, output::print, progress_bar::Watch, serve::runtime},
    environment::{Opened, StartError},
    settings::SchemaChange,
};

/// What to fill it with.
#[derive(Subcommand)]
pub(crate) enum SeedCommand {
    /// Loads the demo data of every module that has not loaded it yet.
    #[command(after_help = "Examples:\n  artel seed demo\n  artel seed demo --large")]
    Demo(DemoArguments),
}

#[derive(Args)]
pub(crate) struct DemoArguments {
    /// As much as a company has after some years: 10 000 partners, 5 000 sales.
    #[arg(long)]
    large: bool,
}

pub(crate) fn run(project: &Project, command: &SeedCommand) -> Result<ExitCode, Failure> {
    let SeedCommand::Demo(arguments) = command;
    let environment = project.quiet_environment(SchemaChange::ByMode)?;
    runtime()?.block_on(async {
        let opened = environment.open().await?;
        let loaded = load(&opened, arguments).await;
        opened.stop().await;
        match loaded?.as_slice() {
            [] => print("all demo data was there already\n"),
            modules => print(&format!("loaded demo data of {}\n", modules.join(", "))),
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn load(opened: &Opened, arguments: &DemoArguments) -> Result<Vec<&'static str>, StartError> {
    let mut loaded = opened.seed_demo().await?;
    if arguments.large {
        for module in opened.seed_large_demo(&Watch::new()).await? {
            if !loaded.contains(&module) {
                loaded.push(module);
            }
        }
    }
    Ok(loaded)
}
