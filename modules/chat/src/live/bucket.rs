//! How often one socket may speak: so many frames a second, and some at once.

use std::time::Duration;

use tokio::time::Instant;

/// Frames a second, in the long run.
pub(super) const PER_SECOND: u32 = 20;
/// Frames at once, after a silence.
pub(super) const AT_ONCE: u32 = 40;
/// Refused frames within [`PATIENCE`] that end the socket.
const REFUSED_MAX: u32 = 100;
const PATIENCE: Duration = Duration::from_secs(10);

/// What a socket may still say now.
#[derive(Debug)]
pub(super) struct Bucket {
    left: f64,
    filled_at: Instant,
    refused: u32,
    refused_since: Instant,
}

/// What is said to a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Passes,
    /// Too early: it may come again after this time.
    Refused(Duration),
    /// So often that the socket ends.
    TooFast,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(now: Instant) -> Self {
        Self { left: f64::from(AT_ONCE), filled_at: now, refused: 0, refused_since: now }
    }

    /// Takes a frame out of it, if there is one.
    pub(super) fn take(&mut self, now: Instant) -> Verdict {
        let since = now.duration_since(self.filled_at).as_secs_f64();
        self.left = (self.left + since * f64::from(PER_SECOND)).min(f64::from(AT_ONCE));
        self.filled_at = now;
        if self.left >= 1.0 {
            self.left -= 1.0;
            return Verdict::Passes;
        }
        if now.duration_since(self.refused_since) > PATIENCE {
            (self.refused, self.refused_since) = (0, now);
        }
        self.refused += 1;
        match self.refused >= REFUSED_MAX {
            true => Verdict::TooFast,
            false => {
                let missing = (1.0 - self.left) / f64::from(PER_SECOND);
                Verdict::Refused(Duration::from_secs_f64(missing))
            }
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
        assert_eq!(said.iter().position(|it| *it == Verdict::TooFast), Some(139));
        let mut bucket = Bucket::full(start);
        for second in 0..30 {
            let now = start + Duration::from_secs(second);
            let said = (0..28).map(|_| bucket.take(now)).filter(|it| *it == Verdict::TooFast);
            assert_eq!(said.count(), 0, "in second {second}");
        }
    }
}
