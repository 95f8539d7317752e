//! What a request costs here, against the same endpoint written by hand, and what the chat is capable
//! of; `docs/BENCHMARK.md` says how to run it and how to read it.
//!
//! `cargo bench` measures; `cargo test` runs the same with little data and few requests, so that
//! it keeps working. The opponent is this very program, in a process of its own.

mod arguments;
mod benchmark;

mod cases;
mod comparison;
mod table;

mod home;
mod installation;
mod rights;
mod rows;
mod server_process;

mod bulk;
mod load;
mod processor_time;
mod token;
mod wire;

mod by_hand;

mod chat;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use crate::arguments::Arguments;

/// What went wrong, for whoever runs the benchmark.
type Failure = Box<dyn Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

/// The opponent has the allocator of the program.
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outcome = match Arguments::parse(std::env::args().skip(1)) {
        Arguments::ByHand(settings) => by_hand::serve(&settings),
        Arguments::Program => return artel_core::cli::main(rights::environment),
        Arguments::Token(turns) => token::run(turns),
        Arguments::Bulk(settings) => bulk::run(&settings),
        Arguments::Crowd(settings) => chat::crowd::run(&settings),
        Arguments::Broadcast => chat::broadcast::serve(),
        Arguments::List => Ok(()),
        Arguments::Measure(plan) => benchmark::run(&plan),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("the benchmark failed: {failure}\n"));
            let mut source = failure.source();
            while let Some(reason) = source {
                say(&format!("because: {reason}\n"));
                source = reason.source();
            }
            ExitCode::FAILURE
        }
    }
}

/// Tells whoever waits; results go to standard output, everything else comes here.
fn say(text: &str) {
    // Nobody listening is no reason to stop.
    let _ = io::stderr().write_all(text.as_bytes());
}
