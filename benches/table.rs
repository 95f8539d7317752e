//! The table at the end: what each case costs on both sides, the ratio, and what is wanted.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use crate::{
    Result,
    comparison::{Comparison, Cost},
    say,
};

/// The table while it grows.
pub(crate) struct Table(String);

impl Table {
    /// Its head.
    pub(crate) fn new() -> Self {
        let mut text = String::from(
            "\nprocessor time a request, in µs: server + PostgreSQL; requests a second beside it\n\n",
        );
        let _ = writeln!(
            text,
            "{:<36}{:>26}{:>26}{:>8}{:>9}{:>7}{:>8}  statements",
            "", "ours", "by hand", "ratio", "server", "p99", "wanted"
        );
        Self(text)
    }

    /// A case.
    pub(crate) fn add(&mut self, it: &Comparison) {
        let wanted = it.limit.map_or_else(|| "–".to_owned(), |it| format!("≤ {it:.2}"));
        let _ = writeln!(
            self.0,
            "{:<36}{:>26}{:>26}{:>8.2}{:>9.2}{:>7.2}{:>8}  {}",
            it.name,
            shown(&it.left),
            shown(&it.right),
            it.ratio,
            it.server_ratio,
            it.p99_ratio,
            wanted,
            it.statements
        );
    }

    /// A figure that is compared with nothing.
    pub(crate) fn add_figure(&mut self, name: &str, found: &str, wanted: &str) {
        self.add_note(&format!("{name:<44}{found:>16}   wanted ≤ {wanted}"));
    }

    /// A line about the figure above it. It is also said at once: a run may take minutes.
    pub(crate) fn add_note(&mut self, text: &str) {
        say(&format!("{text}\n"));
        let _ = writeln!(self.0, "{text}");
    }

    /// Prints it.
    pub(crate) fn print(&self) -> Result<()> {
        Ok(io::stdout().write_all(self.0.as_bytes())?)
    }
}

fn shown(cost: &Cost) -> String {
    format!("{:.0} + {:.0} {:>7.0}/s", cost.server, cost.postgres, cost.rate)
}
