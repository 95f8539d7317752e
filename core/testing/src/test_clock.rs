//! A clock that only the test moves.

use std::sync::{Arc, Mutex, PoisonError};

use artel_core::Clock;
use chrono::{DateTime, TimeDelta, Utc};

/// A clock that stands until it is moved; clones are the same clock.
#[derive(Debug, Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl TestClock {
    /// A clock that stands at this time.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(time)))
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves it, also back.
    pub fn move_by(&self, step: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += step;
    }

    /// The same clock as an environment asks it.
    pub fn clock(&self) -> Clock {
        let own = self.clone();
        Clock::of(move || own.now())
    }
}
