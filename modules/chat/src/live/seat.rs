//! One socket of somebody signed in, as those who bring events see it.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use artel_core::{auth::HeldLogin, http::socket::SocketText};
use chrono::{DateTime, Utc};

use crate::live::queue::{FRAMES_MAX, Queue};

/// A socket that is signed in.
#[derive(Debug)]
pub(crate) struct Seat {
    /// Tells it from all others of the hub.
    pub(super) number: u64,
    pub(super) user: i64,
    pub(super) queue: Queue,
    login: Mutex<HeldLogin>,
    knowledge: Mutex<Knowledge>,
    /// When its user last did something over it, in milliseconds since 1970.
    used_at: AtomicI64,
    /// The last arrival of its user in each chat that it listened to by then: it is told with the
    /// events, unless an end that lies before it is the last that it hears.
    noted: Mutex<BTreeMap<i64, (i64, SocketText)>>,
}

/// What a socket knows of chats that it does not listen to.
#[derive(Debug)]
enum Knowledge {
    /// It is being told of its chats; what its user has joined meanwhile waits.
    Coming(Vec<Arrival>),
    /// How far each of its chats was when it was told of them.
    Told(BTreeMap<i64, i64>),
}

/// An event by which its user has come into a chat.
#[derive(Debug)]
struct Arrival {
    chat: i64,
    seq: i64,
    text: SocketText,
}

impl Seat {
    /// A seat for whoever has signed in.
    pub(super) fn of(login: HeldLogin, number: u64, now: DateTime<Utc>) -> Self {
        Self {
            number,
            user: login.user_id(),
            queue: Queue::default(),
            login: Mutex::new(login),
            knowledge: Mutex::new(Knowledge::Coming(Vec::new())),
            used_at: AtomicI64::new(now.timestamp_millis()),
            noted: Mutex::default(),
        }
    }

    /// Notes that its user does something.
    pub(super) fn use_at(&self, now: DateTime<Utc>) {
        self.used_at.store(now.timestamp_millis(), Ordering::Relaxed);
    }

    /// Whether its user has done something since then.
    pub(super) fn is_used_since(&self, since: DateTime<Utc>) -> bool {
        self.used_at.load(Ordering::Relaxed) >= since.timestamp_millis()
    }

    /// The sign-in that it is held by.
    pub(super) fn login(&self) -> HeldLogin {
        self.login.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Holds it by another sign-in of the same user.
    pub(super) fn renew(&self, login: HeldLogin) {
        *self.login.lock().unwrap_or_else(PoisonError::into_inner) = login;
    }

    /// Notes what it was told of its chats, and how far they were.
    pub(super) fn was_told(&self, chats: BTreeMap<i64, i64>) {
        let before = std::mem::replace(&mut *self.knowledge(), Knowledge::Told(chats));
        if let Knowledge::Coming(waiting) = before {
            waiting.into_iter().for_each(|it| self.welcome(it.chat, it.seq, it.text));
        }
    }

    /// Tells it that its user has come into a chat, unless it knows.
    pub(super) fn welcome(&self, chat: i64, seq: i64, text: SocketText) {
        match &mut *self.knowledge() {
            Knowledge::Coming(waiting) if waiting.len() >= FRAMES_MAX => self.queue.end(),
            Knowledge::Coming(waiting) => waiting.push(Arrival { chat, seq, text }),
            Knowledge::Told(chats) if chats.get(&chat).is_some_and(|it| *it >= seq) => {}
            Knowledge::Told(_) => self.queue.push(text),
        }
    }

    /// Notes that its user has come into a chat that it listens to.
    pub(super) fn note(&self, chat: i64, seq: i64, text: SocketText) {
        self.noted().insert(chat, (seq, text));
    }

    /// Tells it that it hears nothing of a chat any more since an event, and what it would hear
    /// otherwise of its user's coming back.
    pub(super) fn expelled(&self, chat: i64, no_longer: SocketText, seq: i64) {
        self.queue.push(no_longer);
        if let Some((_, text)) = self.noted().remove(&chat).filter(|it| it.0 > seq) {
            self.queue.push(text);
        }
    }

    fn noted(&self) -> MutexGuard<'_, BTreeMap<i64, (i64, SocketText)>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn knowledge(&self) -> MutexGuard<'_, Knowledge> {
        self.knowledge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
