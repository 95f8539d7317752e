//! Places in what is said over a connection, where it breaks off.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A place where a connection breaks off: things that are said are counted from one that has a text in
/// it to one that has another, on the connection over which the first is said first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What has to be in the first thing that counts; anything if it is empty.
    pub since: &'static str,
    /// What is in the last thing that counts; there is none if it is empty.
    pub until: &'static str,
    /// The how-manieth thing it is, from 1 on.
    pub nth: usize,
    /// When it breaks off.
    pub moment: Moment,
}

/// When a connection breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing of what is said has come.
    Before,
    /// Half of it has.
    Halfway,
    /// All of it has, and of the answer nothing comes back.
    After,
}

/// The place where one of the connections of a proxy breaks off.
#[derive(Default)]
pub(super) struct Break(Mutex<State>);

#[derive(Default)]
struct State {
    wanted: Option<Wanted>,
    reached: Option<String>,
}

struct Wanted {
    place: Place,
    connection: Option<u64>,
    met: usize,
}

impl Break {
    pub(super) fn set(&self, place: Place) {
        *self.state() =
            State { wanted: Some(Wanted { place, connection: None, met: 0 }), reached: None };
    }

    /// What was being said, if the place was reached; it is forgotten.
    pub(super) fn take(&self) -> Option<String> {
        std::mem::take(&mut *self.state()).reached
    }

    /// Whether a connection breaks off at what it is about to carry.
    pub(super) fn is_at(&self, connection: u64, said: &[u8]) -> Option<Moment> {
        let mut state = self.state();
        let wanted = state.wanted.as_mut()?;
        let has = |text: &str| {
            text.is_empty() || said.windows(text.len()).any(|it| it == text.as_bytes())
        };
        if wanted.connection.is_none() && has(wanted.place.since) {
            wanted.connection = Some(connection);
        }
        if wanted.connection != Some(connection) {
            return None;
        }
        wanted.met += 1;
        if wanted.met < wanted.place.nth {
            if !wanted.place.until.is_empty() && has(wanted.place.until) {
                state.wanted = None;
            }
            return None;
        }
        let moment = wanted.place.moment;
        *state = State { wanted: None, reached: Some(String::from_utf8_lossy(said).into_owned()) };
        Some(moment)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
