//! Directories with long or odd names, and with something else in them.

use std::fs;

use crate::{
    holder::{command, failure, hold},
    programs::real_folder,
    scratch::{Scratch, server_process, wait_until_unwatched},
};

#[test]
fn a_path_longer_than_a_socket_may_have() {
    check("long", &"deep/".repeat(40));
}

#[test]
fn a_path_of_all_sorts_of_characters() {
    check("odd", "a b, \"c\" 'd' 50% ?&=#/ä\\ß$(x)");
}

#[test]
fn a_cluster_of_a_version_that_is_not_installed() {
    let scratch = Scratch::new("version");
    let data = scratch.cluster().join("data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "11\n").unwrap();
    let said = failure(command(&scratch.cluster()));
    assert!(said.contains("was made by PostgreSQL 11"), "{said}");
    assert!(said.contains("install PostgreSQL 11, or move"), "{said}");

    let mut named = command(&scratch.cluster());
    named.env("ARTEL_PG_BIN", real_folder());
    let said = failure(named);
    assert!(said.contains("the cluster was made by PostgreSQL 11, but"), "{said}");
}

#[test]
fn something_that_is_no_cluster() {
    let scratch = Scratch::new("no-cluster");
    fs::create_dir_all(scratch.cluster().join("data")).unwrap();
    let said = failure(command(&scratch.cluster()));
    assert!(said.contains("this is no cluster"), "{said}");
}

#[test]
fn a_folder_of_programs_without_programs() {
    let scratch = Scratch::new("no-programs");
    let mut named = command(&scratch.cluster());
    named.env("ARTEL_PG_BIN", scratch.path());
    let said = failure(named);
    assert!(said.contains("has no `initdb` and `postgres` that can be run"), "{said}");
}

/// Starts a cluster in that directory of the scratch directory, twice.
#[track_caller]
fn check(name: &str, path: &str) {
    let scratch = Scratch::new(name);
    let directory = scratch.path().join(path);
    for _ in 0..2 {
        let holder = hold(&directory);
        assert_eq!(holder.query("select 1"), "1");
        assert!(holder.url.starts_with("postgresql://postgres@/postgres?host=/"), "{}", holder.url);
        let other = hold(&directory);
        assert!(other.is_adopted);
        let server = server_process(&directory);
        let sockets = holder.sockets.clone();
        holder.leave();
        other.leave();
        wait_until_unwatched(&directory);
        assert!(!crate::signal::is_running(server));
        fs::remove_dir(sockets).unwrap();
    }
}
