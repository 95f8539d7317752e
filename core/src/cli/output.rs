//! Lines for whoever ran the command.

use std::io::{self, Write};

/// Writes to standard output. Nobody reading it any more is no failure: `artel routes | head`.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line to standard error.
pub fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
