//! How far a long work has come, on standard error: a bar on a terminal, lines anywhere else.

use std::{
    io::{self, IsTerminal},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::{cli::output::complain, demo::Progress};

const TEMPLATE: &str = "{msg:16} {bar:40} {human_pos}/{human_len} {elapsed}";
const REDRAWN_EVERY: Duration = Duration::from_millis(100);

/// Shows what it is told.
pub(crate) struct Watch {
    is_terminal: bool,
    current: Mutex<Option<Work>>,
}

/// What is under way.
enum Work {
    Bar(ProgressBar),
    Line { what: String, done: usize, steps: usize, since: Instant },
}

impl Watch {
    /// A bar if somebody looks at standard error.
    pub(crate) fn new() -> Self {
        Self { is_terminal: io::stderr().is_terminal(), current: Mutex::new(None) }
    }

    fn replace(&self, next: Option<Work>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = std::mem::replace(&mut *current, next) {
            it.finish();
        }
    }
}

impl Progress for Watch {
    fn begin(&self, what: &str, steps: usize) {
        self.replace(Some(match self.is_terminal {
            true => Work::Bar(bar(what, steps)),
            false => Work::Line { what: what.to_owned(), done: 0, steps, since: Instant::now() },
        }));
    }

    fn advance(&self, steps: usize) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match current.as_mut() {
            Some(Work::Bar(bar)) => bar.inc(steps as u64),
            Some(Work::Line { done, .. }) => *done += steps,
            None => {}
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.replace(None);
    }
}

impl Work {
    /// Leaves what it has come to where it is.
    fn finish(self) {
        match self {
            Self::Bar(bar) => bar.abandon(),
            Self::Line { what, done, steps, since } => {
                complain(&format!(
                    "{what}: {done} of {steps}, {:.1} s",
                    since.elapsed().as_secs_f64()
                ));
            }
        }
    }
}

fn bar(what: &str, steps: usize) -> ProgressBar {
    let style =
        ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(steps as u64).with_style(style).with_message(what.to_owned());
    bar.enable_steady_tick(REDRAWN_EVERY);
    bar
}
