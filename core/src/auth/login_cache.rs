//! The login sessions that were seen lately, as last confirmed.
//!
//! **Invariant:** a login session that was ended here is never found again, also when a
//! statement that began before its end brings it back late.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use crate::auth::Who;

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
}

#[derive(Debug, Default)]
struct Logins {
    alive: HashMap<i64, Entry>,
    ended: HashMap<i64, Instant>,
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
        Self { start, logins: RwLock::default(), distrusted_ms: AtomicU64::new(0) }
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
        let is_believed = now_ms.saturating_sub(confirmed_ms) < millis(BELIEVED)
            && confirmed_ms > self.distrusted_ms.load(Ordering::Relaxed);
        if is_believed { Known::Alive(entry.who.clone()) } else { Known::Unsure }
    }

    /// The sessions that were used in the last minute.
    pub(crate) fn in_use(&self) -> Vec<i64> {
        let now_ms = self.ms(Instant::now());
        let is_used = |it: &Entry| {
            now_ms.saturating_sub(it.seen_ms.load(Ordering::Relaxed)) < millis(REMEMBERED)
        };
        self.read().alive.iter().filter(|it| is_used(it.1)).map(|it| *it.0).collect()
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
        }
        Some(who.clone())
    }

    /// Forgets a session that is not alive for now, but may be again.
    pub(crate) fn forget(&self, id: i64) {
        self.write().alive.remove(&id);
    }

    /// Forgets a session for good.
    pub(crate) fn end(&self, id: i64) {
        let now = Instant::now();
        let mut logins = self.write();
        logins.alive.remove(&id);
        logins.ended.retain(|_, it| now.duration_since(*it) < REMEMBERED);
        logins.ended.insert(id, now);
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
        self.write().alive.retain(|_, it| is_used(it));
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

fn millis(it: Duration) -> u64 {
    u64::try_from(it.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use orm::Schema;
    use tokio::time;

    use super::*;
    use crate::{
        access::{CompiledRights, Lists, Rights},
        auth::LoginState,
    };

    #[tokio::test(start_paused = true)]
    async fn what_was_confirmed_is_believed_for_two_seconds() {
        let cache = LoginCache::new();
        check(&cache, "unsure");
        cache.confirm(&who("ann"), Instant::now());
        check(&cache, "ann");
        time::advance(Duration::from_millis(1999)).await;
        check(&cache, "ann");
        time::advance(Duration::from_millis(1)).await;
        check(&cache, "unsure");
        cache.confirm(&who("ann"), Instant::now());
        check(&cache, "ann");
    }

    #[tokio::test(start_paused = true)]
    async fn what_ended_does_not_come_back() {
        let cache = LoginCache::new();
        let asked = Instant::now();
        cache.end(1);
        check(&cache, "ended");
        assert!(cache.confirm(&who("ann"), asked).is_none());
        check(&cache, "ended");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_asked_before_a_change_is_not_believed_after_it() {
        let cache = LoginCache::new();
        let asked = Instant::now();
        time::advance(Duration::from_millis(5)).await;
        cache.distrust();
        cache.confirm(&who("ann"), asked);
        check(&cache, "unsure");
        time::advance(Duration::from_millis(5)).await;
        cache.confirm(&who("bea"), Instant::now());
        check(&cache, "bea");
    }

    #[tokio::test(start_paused = true)]
    async fn an_older_answer_does_not_replace_a_newer_one() {
        let cache = LoginCache::new();
        let asked = Instant::now();
        time::advance(Duration::from_millis(5)).await;
        cache.confirm(&who("new"), Instant::now());
        cache.confirm(&who("old"), asked);
        check(&cache, "new");
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_uses_is_forgotten_after_a_minute() {
        let cache = LoginCache::new();
        cache.confirm(&who("ann"), Instant::now());
        assert_eq!(cache.in_use(), [1]);
        time::advance(REMEMBERED).await;
        assert!(cache.in_use().is_empty());
        cache.drop_unused();
        assert!(cache.last_known(1).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_is_no_use() {
        let cache = LoginCache::new();
        cache.confirm(&who("ann"), Instant::now());
        time::advance(REMEMBERED / 2).await;
        cache.confirm(&who("bea"), Instant::now());
        time::advance(REMEMBERED / 2).await;
        assert!(cache.in_use().is_empty());
    }

    #[track_caller]
    fn check(cache: &LoginCache, expected: &str) {
        let known = cache.find(1);
        let found = match &known {
            Known::Alive(who) => &who.state.name,
            Known::Ended => "ended",
            Known::Unsure => "unsure",
        };
        assert_eq!(found, expected);
    }

    /// Somebody in login session 1.
    fn who(name: &str) -> Arc<Who> {
        let schema = Schema::of(&[], None).unwrap();
        let rights = CompiledRights::compile(&Rights::default(), &schema).unwrap();
        let state = LoginState {
            id: 1,
            expires_at: DateTime::UNIX_EPOCH,
            is_revoked: false,
            user: 2,
            login: name.to_owned(),
            name: name.to_owned(),
            email: None,
            language: None,
            is_admin: false,
            is_active: true,
            company: None,
            companies: Vec::new(),
            roles: Vec::new(),
            rights_version: 0,
            askers_version: 0,
        };
        Arc::new(Who::new(state, &rights, Lists::new()))
    }
}
