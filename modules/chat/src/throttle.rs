//! How often a user may say something by requests, in one process: as often as over a socket.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use artel_core::{ErrorKind, Result};
use orm::Database;
use tokio::time::Instant;

use crate::bucket::{Bucket, Verdict};

/// So many users are remembered before it is looked who is silent by now.
const USERS_BEFORE_SWEEP: usize = 1_024;

/// The buckets of those who have spoken lately.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<Buckets>);

#[derive(Debug, Default)]
struct Buckets {
    by_user: HashMap<i64, Bucket>,
    /// How many there may be before the next sweep.
    room: usize,
}

impl Throttle {
    /// The one of a database.
    pub(crate) fn of(database: &Database) -> Arc<Self> {
        database.kept()
    }

    /// Lets a user say one thing more.
    ///
    /// # Errors
    /// Rate limited, with when it may work.
    pub(crate) fn pass(&self, user: i64) -> Result<()> {
        self.pass_at(user, Instant::now())
    }

    fn pass_at(&self, user: i64, now: Instant) -> Result<()> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.sweep(now);
        match buckets.by_user.entry(user).or_insert_with(|| Bucket::full(now)).take(now) {
            Verdict::Passes => Ok(()),
            Verdict::Refused(retry_after) | Verdict::TooFast(retry_after) => {
                Err(ErrorKind::RateLimited { retry_after }.into())
            }
        }
    }
}

impl Buckets {
    /// Forgets those who are silent, each time that as many have come as stayed the last time.
    fn sweep(&mut self, now: Instant) {
        if self.by_user.len() >= self.room.max(USERS_BEFORE_SWEEP) {
            self.by_user.retain(|_, it| !it.is_full(now));
            self.room = 2 * self.by_user.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn those_who_are_silent_are_forgotten_and_those_who_are_not_are_not() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        let mut most = 0;
        for user in 0..20_000 {
            let now = start + Duration::from_millis(u64::try_from(user).unwrap() * 20);
            throttle.pass_at(user, now).unwrap();
            most = most.max(throttle.0.lock().unwrap().by_user.len());
        }
        assert!(most < 2_000, "{most} are known");
        let end = start + Duration::from_secs(400);
        while throttle.pass_at(7, end).is_ok() {}
        (20_000..24_000).for_each(|it| throttle.pass_at(it, end).unwrap());
        throttle.pass_at(7, end).unwrap_err();
    }
}
