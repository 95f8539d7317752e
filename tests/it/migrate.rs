//! A database that is empty, older or newer than the program.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use artel_testing::{TestDb, send_signal};

use crate::process::{failure, fresh_home};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_is_set_up_once() {
    let database = TestDb::empty().await;
    check(&database, &["migrate", "--status"], "the database is empty");
    check(&database, &["migrate", "--plan"], "create table");
    check(&database, &["migrate"], "the database was empty and is set up");
    check(&database, &["migrate"], "nothing to do");
    check(&database, &["migrate", "--status"], "has the schema of this program");
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn production_waits_for_the_migration_of_an_older_schema() {
    let database = TestDb::empty().await;
    check(&database, &["migrate"], "set up");
    database.pool().batch("alter table leads drop column amount").await.unwrap();
    check(&database, &["migrate", "--status"], "leads.amount");

    let home = fresh_home();
    let mut child = home
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .env("ARTEL_MODE", "production")
        .env("ARTEL_AUTH__SECRET", SECRET)
        .env("ARTEL_HTTP__DRAIN_S", "0")
        .env("DATABASE_URL", database.url())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    said.find(|it| it.as_ref().unwrap().contains("artel migrate")).unwrap().unwrap();

    check(&database, &["migrate"], "leads.amount");
    let mut printed = BufReader::new(child.stdout.take().unwrap()).lines();
    printed.find(|it| it.as_ref().unwrap().contains("API")).unwrap().unwrap();
    send_signal("TERM", child.id());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_ends_it_and_is_named() {
    let database = TestDb::empty().await;
    check(&database, &["migrate"], "set up");
    let change = "alter table leads add column mood text not null default 'good'; \
                  alter table leads alter column mood drop default";
    database.pool().batch(change).await.unwrap();
    let mut command = fresh_home().command(&["serve", "--listen", "127.0.0.1:0"]);
    let home = fresh_home();
    command.current_dir(home.path("")).env("DATABASE_URL", database.url());
    let (code, said) = failure(&command.output().unwrap());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("mood"), "{said}");
    database.drop().await;
}

/// Runs the program on a database; it must succeed and print `expected`.
#[track_caller]
fn check(database: &TestDb, arguments: &[&str], expected: &str) {
    let home = fresh_home();
    let output = home.command(arguments).env("DATABASE_URL", database.url()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", failure(&output).1);
    assert!(printed.contains(expected), "{printed}");
}
