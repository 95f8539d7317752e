//! Whatever is killed: the next start works, and the server still ends with its last user.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::{
    holder::{command, failure, hold, spawn},
    programs::Programs,
    scratch::{Scratch, WAIT_MAX, check_stopped, server_process, watchdog_process},
    signal,
};

#[test]
fn the_server() {
    let scratch = Scratch::new("kill-server");
    let first = hold(&scratch.cluster());
    let killed = server_process(&scratch.cluster());
    signal::send("KILL", killed.into());

    let second = hold(&scratch.cluster());
    assert!(!second.is_adopted);
    assert_eq!(second.query("select 1"), "1");
    assert_eq!(first.query("select 1"), "1");
    let server = server_process(&scratch.cluster());
    second.leave();
    assert_eq!(first.query("select 1"), "1");
    first.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_server_and_its_only_user() {
    let scratch = Scratch::new("kill-both");
    let first = hold(&scratch.cluster());
    signal::send("KILL", server_process(&scratch.cluster()).into());
    first.kill();

    let second = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    assert_eq!(second.query("select 1"), "1");
    second.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_watchdog_is_replaced_by_whoever_is_left() {
    let scratch = Scratch::new("kill-watchdog");
    let first = hold(&scratch.cluster());
    let second = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    for user in [Some(first), None] {
        let killed = wait_for_watchdog(&scratch.cluster(), None);
        signal::send("KILL", killed.into());
        wait_for_watchdog(&scratch.cluster(), Some(killed));
        if let Some(user) = user {
            user.leave();
        }
    }
    assert_eq!(second.query("select 1"), "1");
    second.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_watchdog_and_all_users_at_once() {
    let scratch = Scratch::new("kill-all");
    let user = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    // It cannot arm another watchdog.
    signal::send("STOP", user.process());
    signal::send("KILL", wait_for_watchdog(&scratch.cluster(), None).into());
    user.kill();

    let next = hold(&scratch.cluster());
    assert!(next.is_adopted);
    assert_eq!(server_process(&scratch.cluster()), server);
    next.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_watchdog_half_way_through_its_work() {
    let scratch = Scratch::new("kill-halfway");
    let first = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    signal::send("STOP", server.into());
    let watchdog = wait_for_watchdog(&scratch.cluster(), None);
    first.leave();
    wait_for_file(&scratch.cluster().join("stopping"));
    signal::send("KILL", watchdog.into());
    signal::send("CONT", server.into());

    let second = hold(&scratch.cluster());
    assert!(!second.is_adopted);
    assert_eq!(second.query("select 1"), "1");
    let server = server_process(&scratch.cluster());
    second.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_watchdog_just_before_it_stops_the_server() {
    let scratch = Scratch::new("kill-before");
    let user = hold(&scratch.cluster());
    let former = server_process(&scratch.cluster());
    signal::send("STOP", user.process());
    signal::send("KILL", wait_for_watchdog(&scratch.cluster(), None).into());
    user.kill();
    // What is half done is done, because nobody knows which half.
    fs::write(scratch.cluster().join("stopping"), "").unwrap();

    let next = hold(&scratch.cluster());
    assert!(!next.is_adopted);
    assert!(!signal::is_running(former));
    let server = server_process(&scratch.cluster());
    next.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_starter_before_its_server_has_said_a_word() {
    let scratch = Scratch::new("kill-starter");
    hold(&scratch.cluster()).leave();
    let programs = Programs::waiting(scratch.path(), "postgres", "");
    let mut slow = command(&scratch.cluster());
    slow.env("ARTEL_PG_BIN", &programs.folder);
    let starter = spawn(slow);
    let server = programs.wait_until_reached();
    starter.kill();
    programs.go_on();

    // The watchdog waits for the server that is about to come up, and stops it.
    wait_until(|| !signal::is_running(server));
    let next = hold(&scratch.cluster());
    assert_eq!(next.query("select 1"), "1");
    let server = server_process(&scratch.cluster());
    next.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn the_first_start_while_it_makes_the_cluster() {
    let scratch = Scratch::new("kill-initdb");
    let half = "for it in \"$@\"; do last=$it; done; : > \"$last/PG_VERSION\"";
    let programs = Programs::waiting(scratch.path(), "initdb", half);
    let mut slow = command(&scratch.cluster());
    slow.env("ARTEL_PG_BIN", &programs.folder);
    let starter = spawn(slow);
    programs.wait_until_reached();
    assert!(scratch.cluster().join("data.new/PG_VERSION").exists());
    starter.kill();
    assert!(!scratch.cluster().join("data").exists());

    // `initdb`, which is nobody's now, still has the turn.
    assert!(is_locked(&scratch.cluster().join("start.lock")));
    let next = spawn(command(&scratch.cluster()));
    programs.go_on();
    let next = next.ready();
    assert!(!next.is_adopted);
    assert_eq!(next.query("select 1"), "1");
    assert!(!scratch.cluster().join("data.new").exists());
    next.leave();
}

#[test]
fn a_dead_servers_number_may_be_somebody_elses() {
    let scratch = Scratch::new("reused");
    hold(&scratch.cluster()).leave();
    // Neither this process nor a zombie is a server.
    let mut zombie = Command::new("true").spawn().unwrap();
    for process in [std::process::id(), zombie.id()] {
        crate::scratch::wait_until_unwatched(&scratch.cluster());
        let text = format!("{process}\n/d\n1\n5432\n/s\n\n1 1\nready\n");
        fs::write(scratch.cluster().join("data/postmaster.pid"), text).unwrap();
        let holder = hold(&scratch.cluster());
        assert!(!holder.is_adopted);
        assert_eq!(holder.query("select 1"), "1");
        holder.leave();
    }
    zombie.wait().unwrap();
}

#[test]
fn a_server_that_cannot_start_shows_its_log() {
    let scratch = Scratch::new("log");
    hold(&scratch.cluster()).leave();
    crate::scratch::wait_until_unwatched(&scratch.cluster());
    let settings = scratch.cluster().join("data/postgresql.auto.conf");
    let sound = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, "no_such_setting = 1\n").unwrap();
    let said = failure(command(&scratch.cluster()));
    assert!(said.contains("ended at once") && said.contains("no_such_setting"), "{said}");

    fs::write(&settings, sound).unwrap();
    hold(&scratch.cluster()).leave();
}

pub(crate) fn is_locked(path: &Path) -> bool {
    matches!(File::open(path).unwrap().try_lock(), Err(TryLockError::WouldBlock))
}

/// Waits for a watchdog other than `former`.
pub(crate) fn wait_for_watchdog(directory: &Path, former: Option<u32>) -> u32 {
    let mut found = None;
    wait_until(|| {
        found = watchdog_process(directory).filter(|it| Some(*it) != former);
        found.is_some()
    });
    found.unwrap()
}

pub(crate) fn wait_for_file(path: &Path) {
    wait_until(|| path.exists());
}

/// For what gives nothing to block on.
pub(crate) fn wait_until(mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < WAIT_MAX, "waited in vain");
        thread::park_timeout(Duration::from_millis(4));
    }
}
