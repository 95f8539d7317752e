//! The program, in one line: the command line over the project.

use std::process::ExitCode;

/// Measured: a tenth less CPU a request than with the system's allocator.
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    artel_core::cli::main(project_setup::environment)
}
