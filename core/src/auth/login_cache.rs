//! The login sessions that were seen lately, as last confirmed.
//!
//! Those that somebody holds on to count as in use, and whoever holds them is told of changes.
//!
//! **Invariant:** a login session that was ended here is never found again, also when a
//! statement that began before its end brings it back late.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use crate::auth::{Who, held_login::Hold};

/// How long what was confirmed may be believed.
const BELIEVED: Duration = Duration::from_secs(2);

/// How long a session that nobody uses is still confirmed, and an ended one remembered.
const REMEMBERED: Duration = Duration::from_secs(60);

/// How many are kept; beyond it all are read again when they are next used.
const LENGTH_MAX: usize = 50_000;

/// Who is behind each login session.
#[derive(Debug)]
pub(crate) struct LoginCache {
    /// Moments are kept as milliseconds since this one, so that they fit an atomic.
    start: Instant,
    logins: RwLock<Logins>,
    /// What was confirmed before this moment is not believed any more.
    distrusted_ms: AtomicU64,
    /// How many changes there were of those that are held.
    news: watch::Sender<u64>,
    /// Whether there is one that was not announced yet.
    has_news: AtomicBool,
}

#[derive(Debug, Default)]
struct Logins {
    alive: HashMap<i64, Entry>,
    ended: HashMap<i64, Instant>,
    held: HashMap<i64, Weak<Hold>>,
}

#[derive(Debug)]
struct Entry {
    who: Arc<Who>,
    confirmed_ms: AtomicU64,
    seen_ms: AtomicU64,
}

/// What the cache knows of a login session.
pub(crate) enum Known {
    /// It is alive, and that is fresh.
    Alive(Arc<Who>),
    /// It was ended here.
    Ended,
    /// Nothing, or nothing fresh.
    Unsure,
}

impl LoginCache {
    pub(crate) fn new() -> Self {
        // The first millisecond is the one after the start: what was never confirmed is not fresh.
        let start = Instant::now();
        Self {
            start,
            logins: RwLock::default(),
            distrusted_ms: AtomicU64::new(0),
            news: watch::Sender::default(),
            has_news: AtomicBool::new(false),
        }
    }

    /// What is known of a login session that is used now.
    pub(crate) fn find(&self, id: i64) -> Known {
        let now_ms = self.ms(Instant::now());
        let logins = self.read();
        let Some(entry) = logins.alive.get(&id) else {
            return if logins.ended.contains_key(&id) { Known::Ended } else { Known::Unsure };
        };
        entry.seen_ms.store(now_ms, Ordering::Relaxed);
        let confirmed_ms = entry.confirmed_ms.load(Ordering::Relaxed);
        match self.is_believed(confirmed_ms, now_ms) {
            true => Known::Alive(entry.who.clone()),
            false => Known::Unsure,
        }
    }

    /// The sessions that were used in the last minute, and those that are held.
    pub(crate) fn in_use(&self) -> Vec<i64> {
        let now_ms = self.ms(Instant::now());
        let is_used = |it: &Entry| {
            now_ms.saturating_sub(it.seen_ms.load(Ordering::Relaxed)) < millis(REMEMBERED)
        };
        let logins = self.read();
        let used = logins.alive.iter().filter(|it| is_used(it.1) && !logins.is_held(*it.0));
        let held = logins.held.iter().filter(|it| it.1.strong_count() > 0);
        used.map(|it| *it.0).chain(held.map(|it| *it.0)).collect()
    }

    /// Holds a session that is alive; none when it was ended here.
    pub(crate) fn hold(&self, login: i64) -> Option<Arc<Hold>> {
        let mut logins = self.write();
        if logins.ended.contains_key(&login) {
            return None;
        }
        if let Some(hold) = logins.hold_of(login) {
            return Some(hold);
        }
        // Of what is not there any more nothing is known, until the next look.
        let entry = logins.alive.get(&login);
        let confirmed_ms = entry.map_or(0, |it| it.confirmed_ms.load(Ordering::Relaxed));
        let confirmed_ms = AtomicU64::new(confirmed_ms);
        let hold = Arc::new(Hold { login, confirmed_ms, ..Hold::default() });
        logins.held.insert(login, Arc::downgrade(&hold));
        Some(hold)
    }

    /// Whether any session is held.
    pub(crate) fn is_held(&self) -> bool {
        self.read().held.values().any(|it| it.strong_count() > 0)
    }

    /// Whether what is known of a held session is to be believed.
    pub(crate) fn is_fresh(&self, hold: &Hold) -> bool {
        self.is_believed(hold.confirmed_ms.load(Ordering::Relaxed), self.ms(Instant::now()))
    }

    /// Tells of changes of held sessions from now on.
    pub(crate) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Tells of those that there were.
    pub(crate) fn announce(&self) {
        if self.has_news.swap(false, Ordering::AcqRel) {
            self.news.send_modify(|it| *it += 1);
        }
    }

    /// Who was behind a session when it was last confirmed.
    pub(crate) fn last_known(&self, id: i64) -> Option<Arc<Who>> {
        self.read().alive.get(&id).map(|it| it.who.clone())
    }

    /// Keeps what a statement that began at `asked` has found; gives `None` when the session was
    /// ended meanwhile.
    pub(crate) fn confirm(&self, who: &Arc<Who>, asked: Instant) -> Option<Arc<Who>> {
        let asked_ms = self.ms(asked);
        let id = who.state.id;
        let logins = self.read();
        if let Some(entry) = logins.alive.get(&id).filter(|it| Arc::ptr_eq(&it.who, who)) {
            entry.confirmed_ms.fetch_max(asked_ms, Ordering::Relaxed);
            self.confirm_hold(&logins, id, asked_ms);
            return Some(who.clone());
        }
        drop(logins);
        let mut logins = self.write();
        if logins.ended.contains_key(&id) {
            return None;
        }
        if logins.alive.len() >= LENGTH_MAX {
            logins.alive.clear();
        }
        let is_newer = |it: &Entry| it.confirmed_ms.load(Ordering::Relaxed) <= asked_ms;
        let known = logins.alive.get(&id);
        if known.is_none_or(is_newer) {
            // That something about it has changed is no use of it.
            let seen_ms = known.map(|it| it.seen_ms.load(Ordering::Relaxed));
            let seen_ms = AtomicU64::new(seen_ms.unwrap_or_else(|| self.ms(Instant::now())));
            let entry = Entry { who: who.clone(), confirmed_ms: AtomicU64::new(asked_ms), seen_ms };
            logins.alive.insert(id, entry);
            if let Some(hold) = logins.hold_of(id) {
                hold.revision.fetch_add(1, Ordering::AcqRel);
                self.has_news.store(true, Ordering::Release);
            }
            self.confirm_hold(&logins, id, asked_ms);
        }
        Some(who.clone())
    }

    /// Forgets a session that is not alive for now, but may be again.
    pub(crate) fn forget(&self, id: i64) {
        let mut logins = self.write();
        logins.alive.remove(&id);
        self.end_hold(&mut logins, id);
    }

    /// Forgets a session for good.
    pub(crate) fn end(&self, id: i64) {
        let now = Instant::now();
        let mut logins = self.write();
        logins.alive.remove(&id);
        logins.ended.retain(|_, it| now.duration_since(*it) < REMEMBERED);
        logins.ended.insert(id, now);
        self.end_hold(&mut logins, id);
    }

    /// Has every session read again when it is next used.
    pub(crate) fn distrust(&self) {
        let now_ms = self.ms(Instant::now());
        self.distrusted_ms.fetch_max(now_ms, Ordering::Relaxed);
    }

    /// Forgets the sessions that nobody has used for a minute.
    pub(crate) fn drop_unused(&self) {
        let now_ms = self.ms(Instant::now());
        let is_used = |it: &Entry| {
            now_ms.saturating_sub(it.seen_ms.load(Ordering::Relaxed)) < millis(REMEMBERED)
        };
        let mut logins = self.write();
        let Logins { alive, held, .. } = &mut *logins;
        held.retain(|_, it| it.strong_count() > 0);
        alive.retain(|id, it| is_used(it) || held.contains_key(id));
    }

    fn is_believed(&self, confirmed_ms: u64, now_ms: u64) -> bool {
        now_ms.saturating_sub(confirmed_ms) < millis(BELIEVED)
            && confirmed_ms > self.distrusted_ms.load(Ordering::Relaxed)
    }

    fn confirm_hold(&self, logins: &Logins, id: i64, asked_ms: u64) {
        let Some(hold) = logins.hold_of(id) else { return };
        let before_ms = hold.confirmed_ms.fetch_max(asked_ms, Ordering::Relaxed);
        let now_ms = self.ms(Instant::now());
        if !self.is_believed(before_ms, now_ms) && self.is_believed(asked_ms, now_ms) {
            self.has_news.store(true, Ordering::Release);
        }
    }

    /// Says so at once: whoever is out hears nothing more.
    fn end_hold(&self, logins: &mut Logins, id: i64) {
        if let Some(hold) = logins.held.remove(&id).and_then(|it| it.upgrade()) {
            hold.is_over.store(true, Ordering::Release);
            self.has_news.store(true, Ordering::Release);
            self.announce();
        }
    }

    fn ms(&self, at: Instant) -> u64 {
        millis(at.saturating_duration_since(self.start)) + 1
    }

    fn read(&self) -> RwLockReadGuard<'_, Logins> {
        self.logins.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Logins> {
        self.logins.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Logins {
    fn hold_of(&self, id: i64) -> Option<Arc<Hold>> {
        self.held.get(&id)?.upgrade()
    }

    fn is_held(&self, id: i64) -> bool {
        self.held.get(&id).is_some_and(|it| it.strong_count() > 0)
    }
}

fn millis(it: Duration) -> u64 {
    u64::try_from(it.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
