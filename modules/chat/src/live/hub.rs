//! Who listens to which chat in this process, and how far each chat has been told.
//!
//! **Invariant:** the events of a chat are handed out in their order, each once to each seat that
//! listened before it; whoever may read no longer hears the event that says so as the last one.
//!
//! **Invariant:** nothing here waits: not for a database, not for a socket.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, hash_map::Entry},
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use artel_core::auth::HeldLogin;
use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::{
    live::{
        frame::{self, Refusal, ToClient},
        presence::Standing,
        seat::Seat,
    },
    log::{Event, Head},
};

/// The sockets of this process and the chats that they listen to.
#[derive(Default)]
pub(crate) struct Hub {
    state: Mutex<State>,
    /// How many seats there have been.
    seats: AtomicU64,
    /// Rung when a chat is behind.
    behind: Notify,
    /// Rung when somebody has come or gone.
    attended: Notify,
}

#[derive(Default)]
struct State {
    chats: HashMap<i64, Chat>,
    users: HashMap<i64, Vec<Arc<Seat>>>,
}

/// A chat that somebody here listens to.
struct Chat {
    /// The last event that was handed out.
    seq: i64,
    epoch: i64,
    is_of_record: bool,
    is_behind: bool,
    /// By the number of their seat: thousands may listen to one chat, and all leave it at once.
    listeners: BTreeMap<u64, Listener>,
}

struct Listener {
    seat: Arc<Seat>,
    /// What it has had before it began to listen.
    from: i64,
}

/// What became of a wish to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listening {
    /// It hears everything behind its place.
    Begun,
    /// Others have been told more already: up to this event it has to be read first.
    Behind(i64),
    /// The chat has another epoch by now.
    OtherEpoch,
}

impl Hub {
    /// A seat for a socket; none when its user has as many as are allowed.
    pub(super) fn sit(
        &self,
        login: HeldLogin,
        max: usize,
        now: DateTime<Utc>,
    ) -> Option<Arc<Seat>> {
        let mut state = self.state();
        let seats = state.users.entry(login.user_id()).or_default();
        if seats.len() >= max {
            return None;
        }
        let seat = Arc::new(Seat::of(login, self.seats.fetch_add(1, Ordering::Relaxed), now));
        seats.push(seat.clone());
        self.attended.notify_one();
        Some(seat)
    }

    /// Takes a seat away, with all that it listens to.
    pub(super) fn leave(&self, seat: &Seat, chats: impl Iterator<Item = i64>) {
        let mut state = self.state();
        chats.for_each(|it| state.unlisten(seat, it));
        if let Entry::Occupied(mut seats) = state.users.entry(seat.user) {
            seats.get_mut().retain(|it| it.number != seat.number);
            if seats.get().is_empty() {
                seats.remove();
            }
        }
        self.attended.notify_one();
    }

    /// Waits until somebody has come or gone.
    pub(super) async fn is_attended(&self) {
        self.attended.notified().await;
    }

    /// Everybody who has a socket here, and whether they have used one since a moment.
    pub(super) fn attendance(&self, since: DateTime<Utc>) -> BTreeMap<i64, Standing> {
        let state = self.state();
        state.users.iter().map(|(user, seats)| (*user, standing(seats, since))).collect()
    }

    /// The same of one user, as of this moment.
    pub(super) fn standing(&self, user: i64, since: DateTime<Utc>) -> Standing {
        self.state().users.get(&user).map_or(Standing::Offline, |it| standing(it, since))
    }

    /// Has a seat told what comes behind an event of a chat.
    pub(super) fn listen(&self, seat: &Arc<Seat>, head: Head, as_of_seq: i64) -> Listening {
        let mut state = self.state();
        let Head { chat_id, epoch, is_of_record, .. } = head;
        let of = state.chats.entry(chat_id).or_insert_with(|| Chat {
            seq: as_of_seq,
            epoch,
            is_of_record,
            // Nobody has heard of what was said between the look and now. What others listen to
            // already is put behind by whoever hears of it.
            is_behind: true,
            listeners: BTreeMap::new(),
        });
        if of.epoch != epoch {
            return Listening::OtherEpoch;
        }
        if of.seq > as_of_seq {
            return Listening::Behind(of.seq);
        }
        of.listeners.insert(seat.number, Listener { seat: seat.clone(), from: as_of_seq });
        let is_behind = of.is_behind;
        drop(state);
        if is_behind {
            self.behind.notify_one();
        }
        Listening::Begun
    }

    /// Has a seat told of a chat no longer.
    pub(super) fn unlisten(&self, seat: &Seat, chat: i64) {
        self.state().unlisten(seat, chat);
    }

    /// Notes that a chat has come up to an event, as somebody says.
    pub(crate) fn note(&self, chat: i64, seq: i64) {
        let mut state = self.state();
        let Some(chat) = state.chats.get_mut(&chat).filter(|it| it.seq < seq) else { return };
        chat.is_behind = true;
        drop(state);
        self.behind.notify_one();
    }

    /// Waits until a chat is behind.
    pub(super) async fn is_behind(&self) {
        self.behind.notified().await;
    }

    /// Takes the chats that are behind, with the last event that was handed out of each: whatever is
    /// noted from now on puts them behind anew.
    pub(super) fn take_behind(&self) -> Vec<(i64, i64)> {
        let mut state = self.state();
        let take = |(id, chat): (&i64, &mut Chat)| {
            mem::take(&mut chat.is_behind).then_some((*id, chat.seq))
        };
        state.chats.iter_mut().filter_map(take).collect()
    }

    /// Gives back what was taken and could not be read.
    pub(super) fn give_back(&self, behind: &[(i64, i64)]) {
        let mut state = self.state();
        for (id, _) in behind {
            state.chats.entry(*id).and_modify(|it| it.is_behind = true);
        }
    }

    /// The chats that somebody listens to, with the last event that was handed out of each.
    pub(super) fn places(&self) -> BTreeMap<i64, i64> {
        self.state().chats.iter().map(|(id, chat)| (*id, chat.seq)).collect()
    }

    /// Holds the chats against how far they are: those that have come further are behind, and those
    /// of another epoch, or of which less is left than had been handed out before they were looked
    /// at, begin anew for everyone.
    pub(super) fn compare(&self, before: &BTreeMap<i64, i64>, heads: &[Head]) {
        let mut state = self.state();
        for head in heads {
            let Some(chat) = state.chats.get_mut(&head.chat_id) else { continue };
            // Meanwhile others may have begun to listen who have heard more than was looked at.
            let is_less = before.get(&head.chat_id).is_some_and(|it| head.last_seq < *it);
            if chat.epoch != head.epoch || is_less {
                chat.begin_anew(head);
            } else {
                chat.is_behind |= chat.seq < head.last_seq;
            }
        }
        let is_behind = state.chats.values().any(|it| it.is_behind);
        drop(state);
        if is_behind {
            self.behind.notify_one();
        }
    }

    /// Hands out the events of chats that were behind, as they were read: of each chat those behind
    /// a place, at most `limit`.
    pub(super) fn hand_out(&self, asked: &[(i64, i64)], events: &[Event], limit: i64) {
        let mut by_chat: BTreeMap<i64, Vec<&Event>> = BTreeMap::new();
        for event in events {
            by_chat.entry(event.chat_id).or_default().push(event);
        }
        let mut state = self.state();
        for (id, after) in asked {
            let events = by_chat.remove(id).unwrap_or_default();
            // Meanwhile it may have begun anew, or nobody listens any more.
            let Some(chat) = state.chats.get_mut(id).filter(|it| it.seq == *after) else {
                continue;
            };
            chat.is_behind |= events.len() as i64 >= limit;
            for event in events {
                let is_next = event.seq == chat.seq + 1;
                chat.seq = event.seq;
                if is_next { chat.tell(event) } else { chat.skip_to(event) }
            }
        }
        state.chats.retain(|_, it| !it.listeners.is_empty());
    }

    /// Who listens to those of some chats that are about records.
    pub(super) fn listeners_of_records(&self, chats: &[(i64, i64)]) -> Vec<(i64, Arc<Seat>)> {
        let state = self.state();
        let of_records = chats.iter().filter_map(|(id, _)| {
            state.chats.get(id).filter(|it| it.is_of_record).map(|chat| (*id, chat))
        });
        let listeners = |(id, chat): (i64, &Chat)| -> Vec<(i64, Arc<Seat>)> {
            chat.listeners.values().map(|it| (id, it.seat.clone())).collect()
        };
        of_records.flat_map(listeners).collect()
    }

    /// Tells a seat that it may read a chat no longer, and nothing of the chat from now on.
    pub(super) fn expel(&self, seat: &Seat, chat: i64) {
        let mut state = self.state();
        let told = state.chats.get(&chat).map_or(0, |it| it.seq);
        if state.listens(seat, chat) {
            state.unlisten(seat, chat);
            seat.expelled(chat, no_longer(chat), told);
        }
    }

    /// Tells somebody who has come into a chat so, on those of their sockets that do not listen to it.
    /// Those that do may be about to hear that they had left it before.
    pub(super) fn welcome(&self, event: &Event) {
        let state = self.state();
        let seats = event.member.and_then(|it| state.users.get(&it));
        let text = frame::event(event);
        for seat in seats.into_iter().flatten() {
            match state.listens(seat, event.chat_id) {
                true => seat.note(event.chat_id, event.seq, text.clone()),
                false => seat.welcome(event.chat_id, event.seq, text.clone()),
            }
        }
    }

    /// Whether a seat is told of a chat.
    pub(super) fn listens(&self, seat: &Seat, chat: i64) -> bool {
        self.state().listens(seat, chat)
    }

    /// Everybody who has a socket here.
    pub(super) fn users(&self) -> BTreeSet<i64> {
        self.state().users.keys().copied().collect()
    }

    /// Those of some users who have a socket here.
    pub(super) fn seated(&self, mut users: BTreeSet<i64>) -> Vec<i64> {
        let state = self.state();
        users.retain(|it| state.users.contains_key(it));
        users.into_iter().collect()
    }

    /// Calls something with every seat of a user.
    pub(super) fn each_seat_of(&self, user: i64, mut call: impl FnMut(&Seat)) {
        if let Some(seats) = self.state().users.get(&user) {
            seats.iter().for_each(|it| call(it));
        }
    }

    /// Every seat there is.
    pub(super) fn seats(&self) -> Vec<Arc<Seat>> {
        self.state().users.values().flatten().cloned().collect()
    }

    /// Calls something with every seat that listens to a chat.
    pub(super) fn each_listener(&self, chat: i64, mut call: impl FnMut(&Seat)) {
        if let Some(chat) = self.state().chats.get(&chat) {
            chat.listeners.values().for_each(|it| call(&it.seat));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How somebody stands who has these seats.
fn standing(seats: &[Arc<Seat>], since: DateTime<Utc>) -> Standing {
    match seats.iter().any(|it| it.is_used_since(since)) {
        true => Standing::Online,
        false => Standing::Away,
    }
}

impl State {
    fn listens(&self, seat: &Seat, chat: i64) -> bool {
        let chat = self.chats.get(&chat);
        chat.is_some_and(|it| it.listeners.contains_key(&seat.number))
    }

    fn unlisten(&mut self, seat: &Seat, chat: i64) {
        if let Entry::Occupied(mut of) = self.chats.entry(chat) {
            of.get_mut().listeners.remove(&seat.number);
            if of.get().listeners.is_empty() {
                of.remove();
            }
        }
    }
}

impl Chat {
    /// One event to everyone who listens.
    fn tell(&mut self, event: &Event) {
        let text = frame::event(event);
        for it in self.listeners.values().filter(|it| it.from < event.seq) {
            it.seat.queue.push(text.clone());
        }
        let Some(member) = event.member.filter(|_| event.can_read == Some(false)) else { return };
        let chat_id = event.chat_id;
        self.listeners.retain(|_, it| {
            let stays = it.seat.user != member || event.seq <= it.from;
            if !stays {
                it.seat.expelled(chat_id, no_longer(chat_id), event.seq);
            }
            stays
        });
    }

    /// What lies before an event was trimmed: everyone who needs it begins anew in front of it.
    fn skip_to(&self, event: &Event) {
        let (chat_id, as_of_seq, epoch) = (event.chat_id, event.seq, self.epoch);
        let text = ToClient::Reset { chat_id, as_of_seq, epoch }.text();
        for it in self.listeners.values().filter(|it| it.from < event.seq) {
            it.seat.queue.push(text.clone());
        }
    }

    fn begin_anew(&mut self, head: &Head) {
        (self.seq, self.epoch, self.is_behind) = (head.last_seq, head.epoch, false);
        let (chat_id, as_of_seq, epoch) = (head.chat_id, head.last_seq, head.epoch);
        let text = ToClient::Reset { chat_id, as_of_seq, epoch }.text();
        for it in self.listeners.values_mut() {
            it.from = as_of_seq;
            it.seat.queue.push(text.clone());
        }
    }
}

/// The last thing that a seat hears of a chat that it may no longer read.
pub(super) fn no_longer(chat_id: i64) -> artel_core::http::socket::SocketText {
    let (code, message) = ("access_denied", "you may read this chat no longer");
    let chat_id = Some(chat_id);
    ToClient::Error(Refusal { id: None, chat_id, code, message, retry_after_ms: None }).text()
}
