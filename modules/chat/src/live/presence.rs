//! Who is there: known across processes, told to those who share a chat with them.
//!
//! `roll.rs` is what is known, `word.rs` what processes tell each other of it, and `keeper.rs` keeps
//! it: nothing of it is in the database.
//!
//! **Invariant:** nobody is there by word of a process that has not been heard of for a lease.

mod keeper;
mod roll;
mod word;

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) use crate::live::presence::keeper::{AWAY_AFTER, Keeper, TOPIC, Times};
use crate::live::{presence::roll::Roll, seat::Seat};

/// Users that one socket may watch.
pub(super) const WATCHED_MAX: usize = 500;

/// Whether somebody is there: of several processes the highest holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum Standing {
    /// Has no socket.
    Offline,
    /// Has a socket, and has done nothing for some minutes.
    Away,
    /// Is there.
    Online,
}

/// Who is there, and who wants to know.
#[derive(Default)]
pub(crate) struct Presence(Mutex<State>);

#[derive(Default)]
struct State {
    roll: Roll,
    /// Those who are watched, and by whom.
    watchers: HashMap<i64, Vec<Arc<Seat>>>,
}

impl Presence {
    /// Whether a user is there.
    pub(super) fn of(&self, user: i64) -> Standing {
        self.state().roll.of(user)
    }

    /// Has a seat told of users from now on, and first of all how it stands with each.
    pub(super) fn watch(&self, seat: &Arc<Seat>, users: &BTreeSet<i64>) {
        let mut state = self.state();
        for user in users {
            state.watchers.entry(*user).or_default().push(seat.clone());
        }
        drop(state);
        seat.queue.look_for(users.iter().copied());
    }

    /// Has a seat told of users no longer.
    pub(super) fn unwatch(&self, seat: &Seat, users: &BTreeSet<i64>) {
        let mut state = self.state();
        for user in users {
            if let Entry::Occupied(mut watchers) = state.watchers.entry(*user) {
                watchers.get_mut().retain(|it| it.number != seat.number);
                if watchers.get().is_empty() {
                    watchers.remove();
                }
            }
        }
    }

    /// Who watches which of some users.
    fn watchers_of(&self, users: &BTreeSet<i64>) -> Vec<(Arc<Seat>, i64)> {
        let state = self.state();
        let watchers = |user: &i64| -> Vec<(Arc<Seat>, i64)> {
            let seats = state.watchers.get(user).into_iter().flatten();
            seats.map(|it| (it.clone(), *user)).collect()
        };
        users.iter().flat_map(watchers).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
