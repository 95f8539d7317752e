//! Starting: for the first time, again, and beside others.

use std::{fs, os::unix::fs::PermissionsExt};

use artel_cluster::{Cluster, Durability, Options};

use crate::{
    holder::{Holder, Starting, command, durable_command, failure, hold, spawn},
    scratch::{Scratch, check_stopped, server_process},
    session,
};

#[test]
fn what_was_written_is_there_at_the_next_start() {
    let scratch = Scratch::new("again");
    let first = hold(&scratch.cluster());
    assert!(!first.is_adopted);
    first.query("create table kept as select 42 as it");
    let server = server_process(&scratch.cluster());
    first.leave();
    check_stopped(&scratch.cluster(), server);

    let second = hold(&scratch.cluster());
    assert!(!second.is_adopted);
    assert_eq!(second.query("select it from kept"), "42");
    second.leave();
}

#[test]
fn six_starts_at_once_make_one_cluster_and_share_its_server() {
    let scratch = Scratch::new("six");
    let starting: Vec<_> = (0..6).map(|_| spawn(command(&scratch.cluster()))).collect();
    let holders: Vec<_> = starting.into_iter().map(Starting::ready).collect();
    assert_eq!(holders.iter().filter(|it| !it.is_adopted).count(), 1);

    let server = server_process(&scratch.cluster()).to_string();
    for it in &holders {
        // The parent of a session's process is the server.
        let parent = "select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)";
        assert_eq!(it.query(parent), server);
    }
    let said: String = holders.into_iter().map(Holder::leave_saying).collect();
    assert_eq!(said.matches("making a PostgreSQL").count(), 1, "{said}");
    check_stopped(&scratch.cluster(), server.parse().unwrap());
}

#[test]
fn one_process_may_start_it_twice() {
    let scratch = Scratch::new("twice");
    let options = Options {
        dir: scratch.cluster(),
        durability: Durability::Throwaway,
        programs: None,
        notice: |_| {},
    };
    let first = Cluster::start(&options).unwrap();
    let second = Cluster::start(&options).unwrap();
    assert!(!first.is_adopted() && second.is_adopted());
    assert_eq!(first.major(), second.major());
    assert_eq!(first.url("it"), second.url("it"));
    assert_eq!(second.directory(), scratch.cluster());

    let server = server_process(&scratch.cluster());
    drop(first);
    assert_eq!(session::query(second.socket_directory(), "select 1"), "1");
    drop(second);
    check_stopped(&scratch.cluster(), server);
}

#[test]
fn nobody_else_gets_in() {
    let scratch = Scratch::new("closed");
    let holder = hold(&scratch.cluster());
    assert_eq!(holder.query("show listen_addresses"), "");
    assert_eq!(holder.query("show unix_socket_permissions"), "0700");
    assert_eq!(holder.query("show max_connections"), "200");
    for name in ["data", "socket"] {
        let mode = fs::metadata(scratch.cluster().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{name}");
    }
    let mode = fs::metadata(scratch.cluster()).unwrap().permissions().mode();
    assert_eq!(mode & 0o066, 0, "others may neither list the directory nor write to it");
    holder.leave();
}

#[test]
fn only_a_throwaway_cluster_does_without_the_disk() {
    let scratch = Scratch::new("fsync");
    let throwaway = hold(&scratch.cluster());
    assert_eq!(throwaway.query("show fsync"), "off");

    let said = failure(durable_command(&scratch.cluster()));
    assert!(said.contains("would not survive a power cut"), "{said}");
    let server = server_process(&scratch.cluster());
    throwaway.leave();
    check_stopped(&scratch.cluster(), server);

    let durable = spawn(durable_command(&scratch.cluster())).ready();
    assert_eq!(durable.query("show fsync"), "on");
    durable.leave();
}

#[test]
fn text_is_unicode_and_sorted_by_code_point() {
    let scratch = Scratch::new("text");
    let holder = hold(&scratch.cluster());
    assert_eq!(holder.query("show server_encoding"), "UTF8");
    assert_eq!(holder.query("select lower('ЩУКА')"), "щука");
    assert_eq!(holder.query("select 'Z' < 'a'"), "t");
    holder.leave();
}
