//! Failed sign-ins of the last minute: by login and place together, and by place.
//!
//! **Invariant:** what is kept is bounded, whatever is tried: the number of keys, and the number
//! of failures of each. Where room is short, the oldest is forgotten.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, Hash, RandomState},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};

use crate::{Error, ErrorKind, Result};

/// How long a failure counts.
const WINDOW_MS: i64 = 60_000;

/// How many logins and places are remembered.
const KEYS_MAX: usize = 20_000;

/// Counts failures and says when there were too many.
#[derive(Debug)]
pub struct Failures {
    hasher: RandomState,
    by_login: Mutex<Window<(u64, Place)>>,
    by_place: Mutex<Window<Place>>,
}

/// Where a client is: its address, or for IPv6 the network that one customer has whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place(u128);

/// The failures of each key within the last minute, oldest first.
#[derive(Debug)]
struct Window<K> {
    limit: usize,
    failures: HashMap<K, VecDeque<i64>>,
}

impl Failures {
    /// Allows so many a minute for one login from one place, and so many from one place.
    pub fn new(per_login: u32, per_place: u32) -> Self {
        Self {
            hasher: RandomState::new(),
            by_login: Mutex::new(Window::new(per_login)),
            by_place: Mutex::new(Window::new(per_place)),
        }
    }

    /// Whether one more attempt may be made.
    ///
    /// # Errors
    /// `RateLimited` when there were too many failures; the right password changes nothing.
    pub fn check(&self, login: &str, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
        let (key, now) = (self.key(login, address), now.timestamp_millis());
        let by_login = locked(&self.by_login).wait_ms(&key, now);
        let by_place = locked(&self.by_place).wait_ms(&key.1, now);
        match by_login.max(by_place) {
            0 => Ok(()),
            wait_ms => Err(ErrorKind::RateLimited {
                retry_after: Duration::from_millis(wait_ms.unsigned_abs()),
            }
            .into()),
        }
    }

    /// Counts a failure.
    pub fn record(&self, login: &str, address: IpAddr, now: DateTime<Utc>) {
        let (key, now) = (self.key(login, address), now.timestamp_millis());
        locked(&self.by_login).record(key, now);
        locked(&self.by_place).record(key.1, now);
    }

    /// Logins are kept as numbers: what was typed there may be a password.
    fn key(&self, login: &str, address: IpAddr) -> (u64, Place) {
        (self.hasher.hash_one(login), Place::of(address))
    }
}

impl Place {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(it) => Self(u128::from(it.to_bits())),
            IpAddr::V6(it) => Self(it.to_bits() & !u128::from(u64::MAX)),
        }
    }
}

impl<K: Copy + Eq + Hash> Window<K> {
    fn new(limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { limit, failures: HashMap::new() }
    }

    /// How long until there are fewer failures than the limit; zero when there are now.
    fn wait_ms(&self, key: &K, now: i64) -> i64 {
        let Some(failures) = self.failures.get(key) else { return 0 };
        let fresh = failures.iter().filter(|it| is_fresh(**it, now));
        let over = fresh.clone().count().saturating_sub(self.limit.saturating_sub(1));
        let last_to_go = over.checked_sub(1).and_then(|it| fresh.clone().nth(it));
        last_to_go.map_or(0, |it| (it + WINDOW_MS - now).clamp(1, WINDOW_MS))
    }

    fn record(&mut self, key: K, now: i64) {
        if self.failures.len() >= KEYS_MAX && !self.failures.contains_key(&key) {
            self.make_room(now);
        }
        let limit = self.limit;
        let failures = self.failures.entry(key).or_default();
        failures.retain(|it| is_fresh(*it, now));
        while failures.len() >= limit.max(1) {
            failures.pop_front();
        }
        failures.push_back(now);
    }

    fn make_room(&mut self, now: i64) {
        self.failures.retain(|_, it| it.back().is_some_and(|it| is_fresh(*it, now)));
        if self.failures.len() < KEYS_MAX {
            return;
        }
        let oldest = self.failures.iter().min_by_key(|it| it.1.back().copied()).map(|it| *it.0);
        if let Some(oldest) = oldest {
            self.failures.remove(&oldest);
        }
    }
}

/// What lies ahead was counted before the clock went back, and how long ago nobody knows.
fn is_fresh(at: i64, now: i64) -> bool {
    (0..WINDOW_MS).contains(&(now - at))
}

fn locked<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Error {
    /// How long to stay away, if there were too many failures.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind() {
            ErrorKind::RateLimited { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const HERE: &str = "192.0.2.1";
    const THERE: &str = "192.0.2.2";

    #[test]
    fn the_limit_of_a_login_holds_for_a_minute() {
        let failures = Failures::new(3, 100);
        for second in 0..3 {
            check(&failures, "ann", HERE, second, None);
            fail(&failures, "ann", HERE, second);
        }
        check(&failures, "ann", HERE, 3, Some(57));
        check(&failures, "ann", HERE, 59, Some(1));
        check(&failures, "ann", HERE, 60, None);
    }

    #[test]
    fn another_place_or_login_is_free() {
        let failures = Failures::new(1, 100);
        fail(&failures, "ann", HERE, 0);
        check(&failures, "ann", THERE, 1, None);
        check(&failures, "bob", HERE, 1, None);
        check(&failures, "ann", HERE, 1, Some(59));
    }

    #[test]
    fn a_place_has_a_limit_over_all_logins() {
        let failures = Failures::new(10, 2);
        fail(&failures, "ann", HERE, 0);
        fail(&failures, "bob", HERE, 1);
        check(&failures, "eve", HERE, 2, Some(58));
        check(&failures, "eve", THERE, 2, None);
    }

    #[test]
    fn a_network_of_ipv6_is_one_place_and_mapped_ipv4_is_ipv4() {
        let failures = Failures::new(1, 100);
        fail(&failures, "ann", "2001:db8::1", 0);
        check(&failures, "ann", "2001:db8::ffff:2", 0, Some(60));
        check(&failures, "ann", "2001:db8:0:1::1", 0, None);
        fail(&failures, "ann", HERE, 0);
        check(&failures, "ann", "::ffff:192.0.2.1", 0, Some(60));
    }

    #[test]
    fn a_clock_that_goes_back_locks_nobody_out_for_longer() {
        let failures = Failures::new(1, 100);
        fail(&failures, "ann", HERE, 1000);
        check(&failures, "ann", HERE, 1001, Some(59));
        check(&failures, "ann", HERE, 0, None);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut window: Window<usize> = Window::new(5);
        for key in 0..KEYS_MAX + 10 {
            window.record(key, 0);
        }
        (0..1000).for_each(|at| window.record(KEYS_MAX, at));
        assert_eq!(window.failures.len(), KEYS_MAX);
        assert_eq!(window.failures[&KEYS_MAX].len(), 5);
    }

    fn fail(failures: &Failures, login: &str, address: &str, second: i64) {
        failures.record(login, address.parse().unwrap(), at(second));
    }

    #[track_caller]
    fn check(
        failures: &Failures,
        login: &str,
        address: &str,
        second: i64,
        retry_after_s: Option<u64>,
    ) {
        let outcome = failures.check(login, address.parse().unwrap(), at(second));
        let wait = outcome.err().and_then(|it| it.retry_after());
        assert_eq!(wait.map(|it| it.as_secs()), retry_after_s);
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }
}
