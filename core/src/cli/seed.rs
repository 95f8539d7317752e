//! `artel seed`: fills the database.

use std::process::ExitCode;

use clap::Subcommand;

use crate::{
    cli::{Project, failure::Failure, output::print, serve::runtime},
    settings::SchemaChange,
};

/// What to fill it with.
#[derive(Subcommand)]
pub(crate) enum SeedCommand {
    /// Loads the demo data of every module that has not loaded it yet.
    #[command(after_help = "Examples:\n  artel seed demo")]
    Demo,
}

pub(crate) fn run(project: &Project, command: &SeedCommand) -> Result<ExitCode, Failure> {
    let SeedCommand::Demo = command;
    let environment = project.quiet_environment(SchemaChange::ByMode)?;
    runtime()?.block_on(async {
        let opened = environment.open().await?;
        let loaded = opened.seed_demo().await;
        opened.stop().await;
        match loaded?.as_slice() {
            [] => print("all demo data was there already\n"),
            modules => print(&format!("loaded demo data of {}\n", modules.join(", "))),
        }
        Ok(ExitCode::SUCCESS)
    })
}
