//! Brings what happens in chats to the sockets of this process: what was said here and, by hints of
//! other processes, elsewhere.
//!
//! **Invariant:** a hint is never needed. Whoever hears none looks how far the chats are, once a
//! poll; so a lost one costs time, and no event.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use artel_core::{
    Result,
    pubsub::{Heard, Hints, Subscription, read_hints},
};
use orm::Session;
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{self, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use crate::{
    gate,
    live::{hub::Hub, seat::Seat},
    log::{
        self, Rung,
        lineage::{self, Compared},
    },
};

/// Events of one chat that are read at once.
const BATCH: i64 = 200;

/// What other processes are told of: a chat, and how far it has come.
pub(crate) const TOPIC: &str = "chat";

/// What the log says when the epoch has been raised.
pub(super) const RAISED: &str =
    "the database was restored, or another server has taken over: clients read their chats anew";

/// The delivery of one process.
pub(super) struct Delivery {
    pub(super) hub: Arc<Hub>,
    /// Of the system.
    pub(super) session: Session,
    /// What is said in this process.
    pub(super) rung: broadcast::Receiver<Rung>,
    /// Tells the others.
    pub(super) hints: Hints,
    /// What they tell.
    pub(super) heard: Subscription,
    pub(super) poll_every: Duration,
}

impl Delivery {
    /// Runs until it is stopped.
    pub(super) async fn run(mut self, stopped: CancellationToken) {
        let mut poll = time::interval(self.poll_every);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_failing = false;
        loop {
            let must_look = tokio::select! {
                () = stopped.cancelled() => return,
                rung = self.rung.recv() => match rung {
                    Ok(Rung { chat_id, seq, .. }) => {
                        self.hints.note(chat_id, seq);
                        self.hub.note(chat_id, seq);
                        false
                    }
                    Err(RecvError::Lagged(_)) => true,
                    Err(RecvError::Closed) => return,
                },
                heard = self.heard.next() => match heard {
                    Some(Heard::Message(hints)) => {
                        read_hints(&hints).for_each(|(chat, seq)| self.hub.note(chat, seq));
                        false
                    }
                    Some(Heard::Gap) => true,
                    None => return,
                },
                _ = poll.tick() => true,
                () = self.hub.is_behind() => false,
            };
            let done = match must_look {
                true => {
                    let compared = self.compare().await;
                    compared.and(self.look().await).and(self.deliver().await)
                }
                false => self.deliver().await,
            };
            // Said once: the database says at every poll that it is away.
            if let (Err(error), false) = (&done, is_failing) {
                tracing::warn!(%error, "chats cannot be delivered; they will be when it is back");
            }
            is_failing = done.is_err();
        }
    }

    /// Looks whether the database is the one that it was. At each look, as nothing else tells of every
    /// server that takes over: not a broker that is another server, nor a pooler that keeps its
    /// connections.
    async fn compare(&self) -> Result<()> {
        if let Compared::Raised(chats) = lineage::compare(&self.session).await? {
            tracing::warn!(chats, "{RAISED}");
        }
        Ok(())
    }

    /// Looks how far the chats are that somebody listens to.
    async fn look(&self) -> Result<()> {
        let places = self.hub.places();
        if places.is_empty() {
            return Ok(());
        }
        metrics::counter!("artel_chat_looks_total").increment(1);
        let chats: Vec<i64> = places.keys().copied().collect();
        self.hub.compare(&places, &log::heads(&self.session, &chats).await?);
        Ok(())
    }

    /// Hands out what chats are behind with, until they are not.
    async fn deliver(&self) -> Result<()> {
        loop {
            let behind = self.hub.take_behind();
            if behind.is_empty() {
                return Ok(());
            }
            let read = log::read(&self.session, &behind, BATCH).await;
            let events = read.inspect_err(|_| self.hub.give_back(&behind))?;
            if !events.is_empty() {
                self.judge(&behind).await.inspect_err(|_| self.hub.give_back(&behind))?;
            }
            metrics::counter!("artel_chat_delivered_total").increment(events.len() as u64);
            self.hub.hand_out(&behind, &events, BATCH);
        }
    }

    /// Looks who may still read chats about records: that right is no event of a log.
    async fn judge(&self, behind: &[(i64, i64)]) -> Result<()> {
        let mut by_seat: BTreeMap<u64, (Arc<Seat>, Vec<i64>)> = BTreeMap::new();
        for (chat, seat) in self.hub.listeners_of_records(behind) {
            by_seat.entry(seat.number).or_insert_with(|| (seat, Vec::new())).1.push(chat);
        }
        for (seat, chats) in by_seat.into_values() {
            let visible = match seat.login().ctx(None).await {
                Ok(ctx) => gate::visible_of(&ctx, &chats).await,
                Err(error) => Err(error),
            };
            let visible = match visible {
                Err(error) if error.is_unavailable() => return Err(error),
                // Whoever is not signed in any more, or may not read chats at all, reads none.
                Err(_) => Vec::new(),
                Ok(visible) => visible,
            };
            for chat in chats.into_iter().filter(|it| !visible.contains(it)) {
                self.hub.expel(&seat, chat);
            }
        }
        Ok(())
    }
}
