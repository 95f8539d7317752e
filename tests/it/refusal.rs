//! What keeps the program from starting is said on a line each, with the cure.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::Stdio,
};

use artel_testing::{Client, TestDb, send_signal};

use crate::process::{failure, fresh_home};

#[test]
fn every_fault_of_the_settings_is_said() {
    let home = fresh_home();
    fs::write(home.path("artel.toml"), "[http]\nlisten = \"8000\"\nlisten_on = \"x\"\n").unwrap();
    fs::write(home.path(".env"), "ARTEL_POOL__SIZE=many\n").unwrap();
    let mut command = home.command(&["serve"]);
    command.env("ARTEL_MODE", "production").env("ARTEL_LOG__FORMAT", "xml");
    let (code, said) = failure(&command.output().unwrap());
    assert_eq!(code, Some(1));
    for name in [
        "ARTEL_HTTP__LISTEN_ON",
        "ARTEL_HTTP__LISTEN:",
        "ARTEL_POOL__SIZE",
        "ARTEL_LOG__FORMAT",
        "ARTEL_AUTH__SECRET",
    ] {
        assert!(said.contains(name), "{name} is missing:\n{said}");
    }
    assert_eq!(said.lines().count(), 5, "{said}");
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    check(&["serve", "--listen", &address], &[], &[&address, "ARTEL_HTTP__LISTEN"]);
}

#[test]
fn a_folder_without_postgresql_programs_is_named() {
    check(&["serve", "--listen", "127.0.0.1:0"], &[("ARTEL_PG_BIN", "/nowhere")], &["/nowhere"]);
}

#[test]
fn an_address_that_cannot_be_read_is_refused() {
    let url = "postgres://somebody@127.0.0.1/none?sslmode=wrong";
    check(&["serve", "--listen", "127.0.0.1:0"], &[("DATABASE_URL", url)], &["sslmode"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_says_no_ends_it() {
    let database = TestDb::empty().await;
    let url = database.url().replace("/test_", "/no_such_");
    check(&["serve", "--listen", "127.0.0.1:0"], &[("DATABASE_URL", &url)], &["no_such_"]);
    database.drop().await;
}

#[test]
fn the_secret_of_development_is_for_its_owner_only() {
    let home = fresh_home();
    // Nothing to fetch and nothing to start: the secret is made before that.
    home.command(&["user", "list"]).env("ARTEL_PG_BIN", "/nowhere").output().unwrap();
    let mode = fs::metadata(home.path(".data/secret")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(home.read(".data/secret").len() >= 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_waited_for() {
    let home = fresh_home();
    let address = {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap()
    };
    let mut child = home
        .command(&["serve", "--listen", &address.to_string()])
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    said.find(|it| it.as_ref().unwrap().contains("waiting")).unwrap().unwrap();
    let guest = Client::guest(address);
    guest.get("/health/live").await.expect(200);
    guest.get("/health/ready").await.expect(503);
    guest.get("/api/v1/products").await.expect(503);
    send_signal("TERM", child.id());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Runs the program, which must fail and say all of `expected`, in one line for each fault.
#[track_caller]
fn check(arguments: &[&str], environment: &[(&str, &str)], expected: &[&str]) {
    let home = fresh_home();
    let output = home.command(arguments).envs(environment.iter().copied()).output().unwrap();
    let (code, said) = failure(&output);
    assert_eq!(code, Some(1), "{said}");
    for text in expected {
        assert!(said.contains(text), "`{text}` is missing:\n{said}");
    }
}
