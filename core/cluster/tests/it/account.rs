//! Whose processes the programs are. Under root each test also plays an ordinary user.

use std::{
    fs::{self, DirBuilder},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    holder::{PROGRAM, command, failure, hold, spawn},
    scratch::{Scratch, check_stopped, server_process},
};

const ROOT: u32 = 0;
const ORDINARY: u32 = 65534;

#[test]
fn root_lends_them_to_another_account() {
    let scratch = Scratch::new("account");
    let holder = hold(&scratch.cluster());
    let owner = fs::metadata(scratch.cluster().join("data")).unwrap().uid();
    assert_ne!(owner, ROOT);
    if own_uid() != ROOT {
        assert_eq!(owner, own_uid());
    }
    assert_eq!(fs::metadata(scratch.cluster()).unwrap().uid(), own_uid());
    holder.leave();
}

#[test]
fn an_ordinary_user_runs_them_and_root_joins_as_that_user() {
    let scratch = Scratch::at(PathBuf::from("/tmp/artel-cluster-test-ordinary"));
    let directory = scratch.cluster();
    let user = spawn(ordinary(&scratch, &directory)).ready();
    let server = server_process(&directory);
    let root = hold(&directory);
    assert!(root.is_adopted);
    user.leave();
    assert_eq!(root.query("select 1"), "1");
    root.leave();
    check_stopped(&directory, server);

    // Now root is the first, and the files it makes are the user's nevertheless.
    fs::remove_file(directory.join("log")).unwrap();
    let root = hold(&directory);
    let user = spawn(ordinary(&scratch, &directory)).ready();
    assert!(user.is_adopted);
    let server = server_process(&directory);
    root.kill();
    assert_eq!(user.query("select 1"), "1");
    user.leave();
    check_stopped(&directory, server);

    let user = spawn(ordinary(&scratch, &directory)).ready();
    assert!(!user.is_adopted);
    user.leave();
}

#[test]
fn another_users_cluster_is_refused_with_the_cure() {
    if own_uid() != ROOT {
        return;
    }
    let scratch = Scratch::at(PathBuf::from("/tmp/artel-cluster-test-refused"));
    hold(&scratch.cluster()).leave();
    let said = failure(ordinary(&scratch, &scratch.cluster()));
    assert!(said.contains("run as that user or choose another directory"), "{said}");
}

#[test]
fn a_directory_that_they_cannot_reach_is_replaced_by_one_they_can() {
    let scratch = Scratch::new("closed-parent");
    let parent = scratch.path().join("closed");
    DirBuilder::new().mode(0o700).create(&parent).unwrap();
    let holder = hold(&parent.join("pg"));
    assert_eq!(holder.query("select 1"), "1");
    let elsewhere = holder.sockets.parent().unwrap().to_path_buf();
    let server = server_process(&elsewhere);
    let said = holder.leave_saying();
    check_stopped(&elsewhere, server);
    if own_uid() == ROOT {
        assert!(elsewhere.starts_with("/var/tmp"), "{}", elsewhere.display());
        assert!(said.contains("cannot reach"), "{said}");
        fs::remove_dir_all(elsewhere).unwrap();
    }
}

fn own_uid() -> u32 {
    let output = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

/// `hold_cluster` run by an ordinary user, from where that user can run it.
fn ordinary(scratch: &Scratch, directory: &Path) -> Command {
    if own_uid() != ROOT {
        return command(directory);
    }
    let program = scratch.path().join("hold_cluster");
    if !program.exists() {
        // Not by this process, see `programs.rs`.
        let copied = Command::new("cp").args([Path::new(PROGRAM), &program]).status();
        assert!(copied.unwrap().success());
        chown(scratch.path(), Some(ORDINARY), Some(ORDINARY)).unwrap();
    }
    let mut command = Command::new(program);
    command.arg(directory).arg("throwaway").current_dir("/").uid(ORDINARY).gid(ORDINARY);
    command
}
