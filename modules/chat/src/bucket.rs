//! How often one socket, or one user, may speak: so often in a second, and some more at once.

use std::time::Duration;

use tokio::time::Instant;

/// Frames a second, in the long run.
pub(crate) const PER_SECOND: u32 = 20;
/// Frames at once, after a silence.
pub(crate) const AT_ONCE: u32 = 40;
/// Refused frames within [`PATIENCE`] that end the socket.
const REFUSED_MAX: u32 = 100;
const PATIENCE: Duration = Duration::from_secs(10);

/// What somebody may still say now.
#[derive(Debug)]
pub(crate) struct Bucket {
    left: f64,
    filled_at: Instant,
    refused: u32,
    refused_since: Instant,
}

/// What is said to a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passes,
    /// Too early: it may come again after this time.
    Refused(Duration),
    /// So often that a socket ends; else as early as a refused one.
    TooFast(Duration),
}

impl Bucket {
    /// A full one.
    pub(crate) fn full(now: Instant) -> Self {
        Self { left: f64::from(AT_ONCE), filled_at: now, refused: 0, refused_since: now }
    }

    /// Whether nothing is known of it that a new one would not know.
    pub(crate) fn is_full(&self, now: Instant) -> bool {
        self.filled_by(now) >= f64::from(AT_ONCE)
            && now.duration_since(self.refused_since) > PATIENCE
    }

    fn filled_by(&self, now: Instant) -> f64 {
        let since = now.duration_since(self.filled_at).as_secs_f64();
        (self.left + since * f64::from(PER_SECOND)).min(f64::from(AT_ONCE))
    }

    /// Takes a frame out of it, if there is one.
    pub(crate) fn take(&mut self, now: Instant) -> Verdict {
        self.left = self.filled_by(now);
        self.filled_at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Verdict::Passes;
        }
        if now.duration_since(self.refused_since) > PATIENCE {
            (self.refused, self.refused_since) = (0, now);
        }
        self.refused += 1;
        let missing = Duration::from_secs_f64((1.0 - self.left) / f64::from(PER_SECOND));
        match self.refused >= REFUSED_MAX {
            true => Verdict::TooFast(missing),
            false => Verdict::Refused(missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_at_once_and_twenty_a_second_pass() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        let passed = (0..50).filter(|_| bucket.take(start) == Verdict::Passes).count();
        assert_eq!(passed, 40);
        let later = start + Duration::from_secs(1);
        let passed = (0..50).filter(|_| bucket.take(later) == Verdict::Passes).count();
        assert_eq!(passed, 20);
    }

    #[test]
    fn whoever_is_refused_is_told_when_to_come_again() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        (0..AT_ONCE).for_each(|_| _ = bucket.take(start));
        let Verdict::Refused(after) = bucket.take(start) else { panic!("it passed") };
        assert_eq!(after, Duration::from_millis(50));
        assert_eq!(bucket.take(start + after), Verdict::Passes);
    }

    #[test]
    fn a_hundred_refused_within_ten_seconds_end_it_and_spread_out_they_do_not() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        let said: Vec<Verdict> = (0..AT_ONCE + REFUSED_MAX).map(|_| bucket.take(start)).collect();
        assert_eq!(said.iter().position(|it| matches!(it, Verdict::TooFast(_))), Some(139));
        let mut bucket = Bucket::full(start);
        for second in 0..30 {
            let now = start + Duration::from_secs(second);
            let said =
                (0..28).map(|_| bucket.take(now)).filter(|it| matches!(it, Verdict::TooFast(_)));
            assert_eq!(said.count(), 0, "in second {second}");
        }
    }
}
