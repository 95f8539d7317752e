//! The program, in one line: the command line over the project.

use std::process::ExitCode;

/// With it, fat LTO and one codegen unit, a request was measured to cost 14 % less CPU.
#[global_allocator]
static GLOBAL: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    artel_core::cli::main(project_setup::environment)
}
