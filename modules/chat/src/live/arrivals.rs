//! Tells those who come into a chat so on all their sockets, whether or not these listen to it: that
//! is how a client learns of a new chat.
//!
//! **Invariant:** nobody depends on being told of a newcomer: whoever has a socket here is looked up
//! once a poll.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use artel_core::{
    Clock, Result,
    pubsub::{Heard, Hints, Subscription, read_hints},
};
use chrono::TimeDelta;
use orm::Session;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{self, Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use crate::{
    live::hub::Hub,
    log::{self, Joined, Rung},
};

/// What other processes are told of: a user, and the event that they came by.
pub(super) const TOPIC: &str = "chat_joined";

/// So far back newcomers are looked for: longer than a transaction may take.
const SINCE: Duration = Duration::from_secs(15);

/// The arrivals at one process.
pub(super) struct Arrivals {
    pub(super) hub: Arc<Hub>,
    /// Of the system.
    pub(super) session: Session,
    pub(super) clock: Clock,
    /// What is said in this process.
    pub(super) rung: broadcast::Receiver<Rung>,
    /// Tells the others.
    pub(super) hints: Hints,
    /// What they tell.
    pub(super) heard: Subscription,
    pub(super) poll_every: Duration,
    /// Who was told of what, and when.
    pub(super) told: BTreeMap<Joined, Instant>,
}

impl Arrivals {
    /// Runs until it is stopped.
    pub(super) async fn run(mut self, stopped: CancellationToken) {
        let mut poll = time::interval(self.poll_every);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let users: BTreeSet<i64> = tokio::select! {
                () = stopped.cancelled() => return,
                rung = self.rung.recv() => match rung {
                    Ok(Rung { seq, joined, .. }) => {
                        joined.iter().for_each(|it| self.hints.note(*it, seq));
                        joined.into_iter().collect()
                    }
                    Err(RecvError::Lagged(_)) => self.hub.users(),
                    Err(RecvError::Closed) => return,
                },
                heard = self.heard.next() => match heard {
                    Some(Heard::Message(hints)) => read_hints(&hints).map(|it| it.0).collect(),
                    Some(Heard::Gap) => self.hub.users(),
                    None => return,
                },
                _ = poll.tick() => self.hub.users(),
            };
            let here = self.hub.seated(users);
            if !here.is_empty()
                && let Err(error) = self.welcome(&here).await
            {
                // They are looked up again at the next poll.
                tracing::debug!(%error, "newcomers cannot be told of their chats");
            }
        }
    }

    /// Tells users of the chats that they have come into lately, and were not told of.
    async fn welcome(&mut self, users: &[i64]) -> Result<()> {
        let since = TimeDelta::from_std(SINCE).unwrap_or_default();
        let joined = log::joined(&self.session, users, self.clock.now() - since).await?;
        let now = Instant::now();
        self.told.retain(|_, at| now.duration_since(*at) < 2 * SINCE);
        let mut new: Vec<Joined> =
            joined.into_iter().filter(|it| !self.told.contains_key(it)).collect();
        while !new.is_empty() {
            // A chat is read once in a statement: of several who came into one, each in turn.
            let mut chats = BTreeSet::new();
            let (turn, later): (Vec<_>, Vec<_>) =
                new.into_iter().partition(|it| chats.insert(it.chat_id));
            let wanted: Vec<(i64, i64)> = turn.iter().map(|it| (it.chat_id, it.seq - 1)).collect();
            for event in log::read(&self.session, &wanted, 1).await? {
                self.hub.welcome(&event);
            }
            self.told.extend(turn.into_iter().map(|it| (it, now)));
            new = later;
        }
        Ok(())
    }
}
