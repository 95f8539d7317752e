//! What is believed, for how long, and who learns of changes.

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

#[tokio::test(start_paused = true)]
async fn what_is_held_is_in_use_until_it_is_let_go() {
    let cache = LoginCache::new();
    cache.confirm(&who("ann"), Instant::now());
    let hold = cache.hold(1).unwrap();
    assert_eq!(cache.in_use(), [1]);
    time::advance(REMEMBERED * 2).await;
    cache.drop_unused();
    assert_eq!(cache.in_use(), [1]);
    assert!(cache.last_known(1).is_some());
    drop(hold);
    assert!(!cache.is_held() && cache.in_use().is_empty());
    cache.drop_unused();
    assert!(cache.last_known(1).is_none());
}

#[tokio::test(start_paused = true)]
async fn a_hold_is_fresh_as_long_as_its_session_is() {
    let cache = LoginCache::new();
    cache.confirm(&who("ann"), Instant::now());
    let hold = cache.hold(1).unwrap();
    let news = cache.news();
    assert!(cache.is_fresh(&hold));
    time::advance(BELIEVED).await;
    assert!(!cache.is_fresh(&hold));
    cache.confirm(&who("ann"), Instant::now());
    cache.announce();
    assert!(cache.is_fresh(&hold) && news.has_changed().unwrap(), "known again is news");
    time::advance(Duration::from_millis(1)).await;
    cache.distrust();
    assert!(!cache.is_fresh(&hold));
}

#[tokio::test(start_paused = true)]
async fn whoever_holds_learns_of_changes_and_of_nothing_else() {
    let cache = LoginCache::new();
    let ann = who("ann");
    cache.confirm(&ann, Instant::now());
    let (hold, mut news) = (cache.hold(1).unwrap(), cache.news());
    let revision = || hold.revision.load(Ordering::Relaxed);
    time::advance(Duration::from_secs(1)).await;
    cache.confirm(&ann, Instant::now());
    cache.announce();
    assert!(!news.has_changed().unwrap());
    assert_eq!(revision(), 0);
    cache.confirm(&who("bea"), Instant::now());
    cache.announce();
    assert!(news.has_changed().unwrap());
    assert_eq!(revision(), 1);
    news.mark_unchanged();
    cache.end(1);
    assert!(news.has_changed().unwrap() && hold.is_over.load(Ordering::Relaxed));
    assert!(cache.hold(1).is_none());
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_back_holds_anew() {
    let cache = LoginCache::new();
    cache.confirm(&who("ann"), Instant::now());
    let blocked = cache.hold(1).unwrap();
    cache.forget(1);
    assert!(blocked.is_over.load(Ordering::Relaxed));
    cache.confirm(&who("ann"), Instant::now());
    let again = cache.hold(1).unwrap();
    assert!(cache.is_fresh(&again) && !again.is_over.load(Ordering::Relaxed));
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
