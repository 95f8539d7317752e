//! What is neither the program nor its tests: `cargo xtask plant` shows that the tests would
//! catch what must never happen.

mod plant;
mod plant_command;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Work on the code base itself.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Examples:
  cargo xtask plant --list
  cargo xtask plant
  cargo xtask plant cache_without_fingerprint count_without_rule"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plants one fault at a time in a copy of the tree and expects the tests to find it.
    #[command(after_help = "Examples:
  cargo xtask plant --list     what would be planted, and which tests should notice
  cargo xtask plant            all of them, one after the other
  cargo xtask plant sort       those with `sort` in their name")]
    Plant(plant_command::PlantArguments),
}

fn main() -> ExitCode {
    let Command::Plant(arguments) = Arguments::parse().command;
    match plant_command::run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            tree::say(&failure);
            ExitCode::FAILURE
        }
    }
}
