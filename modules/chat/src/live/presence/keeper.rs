//! Keeps the roll: looks who has sockets here, tells other processes, hears what they say, and has
//! those told who watch.
//!
//! **Invariant:** word that is lost is made good by the next list; nothing waits for it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use artel_core::{
    Clock, Result,
    pubsub::{self, Heard, PubSub, Subscription},
};
use chrono::TimeDelta;
use orm::Session;
use tokio::time::{self, Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::{
    acquaintance,
    live::{
        hub::Hub,
        presence::{
            Presence,
            word::{self, Message, Said, Word},
        },
        seat::Seat,
    },
};

/// What processes tell each other of who is there.
pub(crate) const TOPIC: &str = "chat_presence";
/// Whoever has done nothing for so long is away.
pub(crate) const AWAY_AFTER: TimeDelta = TimeDelta::minutes(5);
/// The shortest time between two messages of this process that nobody has asked for.
const WINDOW: Duration = Duration::from_millis(50);
/// The longest lease.
const LEASE_MAX: Duration = Duration::from_secs(25);

/// The keeper of one process.
pub(crate) struct Keeper {
    pub(crate) presence: Arc<Presence>,
    pub(crate) hub: Arc<Hub>,
    /// What this process is called.
    pub(crate) node: String,
    pub(crate) pubsub: Arc<dyn PubSub>,
    /// What all of them say, this one too.
    pub(crate) heard: Subscription,
    /// Of the system.
    pub(crate) session: Session,
    pub(crate) clock: Clock,
    pub(crate) times: Times,
}

/// How long things take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// So long what a process said is good for.
    lease: Duration,
    /// Each process says in this time who is there.
    list_every: Duration,
    /// So long somebody may be without a socket and counts as there.
    grace: Duration,
    /// How often it is looked who has become idle.
    look_every: Duration,
}

/// What is still to be done.
#[derive(Debug, Default)]
struct Due {
    /// Who stands otherwise, and their watchers are to be told.
    moved: BTreeSet<i64>,
    /// Whether all others are to be asked.
    ask: bool,
    /// Whether everybody here is to be listed.
    list: bool,
}

impl Times {
    /// Derived from how often sockets are asked whether they are there.
    pub(crate) fn of_heartbeat(heartbeat: Duration) -> Self {
        let lease = heartbeat.min(LEASE_MAX);
        Self {
            lease,
            list_every: lease * 2 / 5,
            grace: lease / 5,
            look_every: (lease / 10).min(Duration::from_secs(1)),
        }
    }
}

impl Keeper {
    /// Runs until it is stopped.
    pub(crate) async fn run(mut self, stopped: CancellationToken) {
        let mut look = time::interval(self.times.look_every);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut listed_at = Instant::now();
        let mut due = Due::default();
        loop {
            tokio::select! {
                () = stopped.cancelled() => break,
                heard = self.heard.next() => match heard {
                    Some(Heard::Message(text)) => self.hear(&text, &mut due),
                    Some(Heard::Gap) => (due.ask, due.list) = (true, true),
                    None => return,
                },
                () = self.hub.is_attended() => self.attend(&mut due).await,
                _ = look.tick() => {
                    self.attend(&mut due).await;
                    due.moved.extend(self.presence.state().roll.expire(Instant::now()));
                    due.list |= listed_at.elapsed() >= self.times.list_every;
                    // Asked by many at once, it answers them all at once.
                    if due.list {
                        listed_at = Instant::now();
                        self.list(&mut due).await;
                    }
                }
            }
            if !due.moved.is_empty() {
                // If nobody can say who may know, they are told later, as it stands by then.
                let _ = self.tell(&mut due.moved).await.inspect_err(|error| {
                    tracing::debug!(%error, "nobody can be told who is there");
                });
            }
        }
        self.say([Said::Ended {}]).await;
    }

    /// Looks who has sockets here, and tells the others what has changed.
    async fn attend(&self, due: &mut Due) {
        let present = self.hub.attendance(self.clock.now() - AWAY_AFTER);
        let at = (Instant::now(), self.times.grace);
        let (changed, moved) = self.presence.state().roll.attend(&present, at);
        due.moved.extend(moved);
        if !changed.is_empty() {
            self.say(word::changed(&changed)).await;
            time::sleep(WINDOW).await;
        }
    }

    /// Tells the others who is there, and asks them if something was lost.
    async fn list(&self, due: &mut Due) {
        if std::mem::take(&mut due.ask) {
            self.publish(&Message::Who { who: self.node.clone() }).await;
        }
        due.list = false;
        let said = word::list(self.presence.state().roll.own());
        self.say(said).await;
    }

    fn hear(&self, text: &str, due: &mut Due) {
        match serde_json::from_str(text) {
            Ok(Message::Who { who }) => due.list |= who != self.node,
            Ok(Message::Word(word)) if word.node == self.node => {}
            Ok(Message::Word(word)) => {
                let mut state = self.presence.state();
                due.ask |= !state.roll.knows(&word.node);
                due.list |= due.ask;
                let at = (Instant::now(), self.times.lease, self.times.grace);
                due.moved.extend(state.roll.hear(word, at));
            }
            Err(_) => metrics::counter!("artel_chat_presence_garbled_total").increment(1),
        }
    }

    async fn say(&self, all: impl IntoIterator<Item = Said>) {
        for said in all {
            self.publish(&Message::Word(Word { node: self.node.clone(), said })).await;
        }
    }

    async fn publish(&self, message: &Message) {
        let is_connected = self.pubsub.state() == pubsub::State::Connected;
        // Away, it would only be waited for: the list that follows says the same.
        if !is_connected || self.pubsub.publish(TOPIC, &message.text()).await.is_err() {
            metrics::counter!("artel_chat_presence_dropped_total").increment(1);
        }
    }

    /// Has those told who watch users, as far as they may know.
    async fn tell(&self, moved: &mut BTreeSet<i64>) -> Result<()> {
        let watching = self.presence.watchers_of(moved);
        if watching.is_empty() {
            moved.clear();
            return Ok(());
        }
        let pairs = watching.iter().map(|(seat, user)| (seat.user, *user)).collect();
        let known = acquaintance::pairs(&self.session, &pairs).await?;
        let mut by_records: BTreeMap<u64, (Arc<Seat>, BTreeSet<i64>)> = BTreeMap::new();
        for (seat, user) in watching {
            match known.get(&(seat.user, user)) {
                Some(acquaintance::By::Members) => seat.queue.look_for([user]),
                Some(acquaintance::By::Records) => {
                    let of = by_records.entry(seat.number);
                    of.or_insert_with(|| (seat, BTreeSet::new())).1.insert(user);
                }
                None => {}
            }
        }
        for (seat, users) in by_records.into_values() {
            let judged = match seat.login().ctx(None).await {
                Ok(ctx) => acquaintance::of(&ctx, &users).await,
                Err(error) => Err(error),
            };
            match judged {
                Ok(users) => seat.queue.look_for(users),
                Err(error) if error.is_unavailable() => return Err(error),
                // Whoever is not signed in any more, or may not read chats at all, knows nobody.
                Err(_) => {}
            }
        }
        moved.clear();
        Ok(())
    }
}
