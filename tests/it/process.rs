//! The program of this package, and its examples, in directories of their own.

use std::{
    env,
    process::{Command, Output},
};

use artel_testing::Home;

/// An empty directory for the program.
pub(crate) fn fresh_home() -> Home {
    Home::of(env!("CARGO_BIN_EXE_artel"))
}

/// An example in a directory; `cargo test` builds them, `cargo test --test it` does not.
pub(crate) fn example(home: &Home, name: &str, arguments: &[&str]) -> Command {
    let test = env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(program.exists(), "{name} is not built: run `cargo build --examples` first");
    home.command_of(&program, arguments)
}

/// The exit code and what was written to standard error.
pub(crate) fn failure(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
