//! What is done once a transaction stands, and not at all if it does not.
//!
//! **Invariant:** what a nested transaction has put here goes with it when it is undone.
//!
//! At most once: a process that ends right after its commit does none of it. What must not be
//! lost is a message of the outbox.

use std::{
    panic::AssertUnwindSafe,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use tracing::Instrument;

use crate::{pg, session::BoxFuture};

/// Something to be done.
pub(crate) type Deed = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// What is to be done after the commit of one transaction, in the order in which it was asked for.
#[derive(Default)]
pub(super) struct Aftermath(Mutex<Vec<Deed>>);

impl Aftermath {
    pub(super) fn add(&self, deed: Deed) {
        self.deeds().push(deed);
    }

    /// How much there is: the place to go back to.
    pub(super) fn len(&self) -> usize {
        self.deeds().len()
    }

    /// Forgets what has come since a place.
    pub(super) fn go_back(&self, to: usize) {
        self.deeds().truncate(to);
    }

    /// Begins with all of it, beside whoever committed: an answer does not wait for it.
    pub(super) fn begin(&self) {
        run(std::mem::take(&mut *self.deeds()));
    }

    fn deeds(&self) -> MutexGuard<'_, Vec<Deed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does one thing after the other; a panic ends that one alone.
pub(super) fn run(deeds: Vec<Deed>) {
    if deeds.is_empty() {
        return;
    }
    let all = async move {
        for deed in deeds {
            let done = AssertUnwindSafe(async move { deed().await }).catch_unwind().await;
            if done.is_err() {
                tracing::error!("what is done after a commit panicked");
            }
        }
    };
    pg::spawn_quietly(all.in_current_span());
}
