//! How long many things took.

use std::time::Duration;

/// How long many things took, the shortest first.
#[derive(Debug, Default)]
pub(crate) struct Delays(Vec<Duration>);

impl Delays {
    pub(crate) fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self(all)
    }

    /// What so many of a hundred took at the most, in milliseconds.
    pub(crate) fn percentile(&self, of_hundred: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let at = (self.0.len() * of_hundred / 100).min(last);
        self.0.get(at).map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
    }

    /// What the slowest took, in milliseconds.
    pub(crate) fn worst(&self) -> f64 {
        self.percentile(100)
    }
}
