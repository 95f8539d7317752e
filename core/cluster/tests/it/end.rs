//! The server ends with the last of its users, however they go, and not before.

use std::fs;

use crate::{
    holder::{Holder, command, hold, spawn},
    kill::{is_locked, wait_for_file, wait_for_watchdog, wait_until},
    scratch::{Scratch, check_stopped, server_process},
    signal,
};

#[test]
fn it_ends_after_a_clean_end() {
    check("leave", Holder::leave);
}

#[test]
fn it_ends_after_an_exit_without_cleaning_up() {
    check("exit", |it| assert!(it.end_by("exit").success()));
}

#[test]
fn it_ends_after_a_panic() {
    check("panic", |it| assert_eq!(it.end_by("panic").code(), Some(101)));
}

#[test]
fn it_ends_after_a_kill() {
    check("kill", Holder::kill);
}

#[test]
fn it_stays_while_the_second_of_two_is_there() {
    let scratch = Scratch::new("second");
    let first = hold(&scratch.cluster());
    let second = hold(&scratch.cluster());
    assert!(second.is_adopted);
    let server = server_process(&scratch.cluster());

    // The one that started it goes without a word.
    first.kill();
    assert_eq!(second.query("select 1"), "1");
    let third = hold(&scratch.cluster());
    second.kill();
    assert_eq!(third.query("select 1"), "1");
    assert_eq!(server_process(&scratch.cluster()), server);
    third.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn ctrl_c_in_the_terminal_does_not_reach_it() {
    let scratch = Scratch::new("terminal");
    let interrupted = hold(&scratch.cluster());
    let other = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    // A terminal sends the signal to the whole group in the foreground.
    let group = -interrupted.process();
    interrupted.end_by_signal("INT", group);
    assert_eq!(other.query("select 1"), "1");
    assert_eq!(server_process(&scratch.cluster()), server);
    other.leave();
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn a_start_waits_while_it_is_being_stopped() {
    let scratch = Scratch::new("stopping");
    let first = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    // It cannot react, so the watchdog is at it until it can.
    signal::send("STOP", server.into());
    first.leave();
    wait_for_file(&scratch.cluster().join("stopping"));
    let second = spawn(command(&scratch.cluster()));
    signal::send("CONT", server.into());

    let second = second.ready();
    assert!(!second.is_adopted);
    assert_ne!(server_process(&scratch.cluster()), server);
    assert_eq!(second.query("select 1"), "1");
    second.leave();
}

#[test]
fn a_start_does_not_join_a_server_that_a_watchdog_has_given_up() {
    let scratch = Scratch::new("given-up");
    let directory = scratch.cluster();
    let first = hold(&directory);
    let server = server_process(&directory);
    let watchdog = wait_for_watchdog(&directory, None);
    // The watchdog sees that nobody is left, but is halted before it has found the server.
    let (pid_file, hidden) = (directory.join("data/postmaster.pid"), scratch.path().join("hidden"));
    fs::rename(&pid_file, &hidden).unwrap();
    fs::write(directory.join("starting"), "").unwrap();
    first.leave();
    wait_for_file(&directory.join("stopping"));
    signal::send("STOP", watchdog.into());
    fs::rename(&hidden, &pid_file).unwrap();

    // The server is well, and yet it is not to be used.
    let second = spawn(command(&directory));
    wait_until(|| is_locked(&directory.join("start.lock")));
    signal::send("CONT", watchdog.into());
    let second = second.ready();
    assert!(!second.is_adopted);
    assert_ne!(server_process(&directory), server);
    assert_eq!(second.query("select 1"), "1");
    second.leave();
}

/// Has the only user of a server go by `end`, and looks whether the server goes too.
#[track_caller]
fn check(name: &str, end: fn(Holder)) {
    let scratch = Scratch::new(name);
    let holder = hold(&scratch.cluster());
    let server = server_process(&scratch.cluster());
    end(holder);
    check_stopped(&scratch.cluster(), server);
}
