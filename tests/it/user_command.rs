//! Users made and changed from the command line sign in with what they were given.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use artel_testing::{Client, Home, TestDb};
use serde_json::json;

use crate::process::{failure, fresh_home};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_in_with_the_password_from_the_input() {
    let home = fresh_home();
    let database = TestDb::empty().await;
    let run = |arguments: &[&str], input: &str| run(&home, &database, arguments, input);

    let made = run(&["user", "create", "ann", "--name", "Ann Lee"], "a long first word\n");
    assert!(made.status.success(), "{}", failure(&made).1);
    let listed = run(&["user", "list"], "");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("Ann Lee"));
    let changed = run(&["user", "password", "ann"], "a long second word\n");
    assert!(changed.status.success(), "{}", failure(&changed).1);

    let serving = home.serve_on(database.url(), &[]);
    let guest = Client::guest(serving.address);
    let sign_in = async |password: &str| {
        let body = json!({ "login": "ann", "password": password });
        guest.post("/api/v1/auth/sign_in", body).await
    };
    sign_in("a long first word").await.expect(401);
    sign_in("a long second word").await.expect(200);
    drop(serving);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_locked_out_gets_in_again() {
    let home = fresh_home();
    let database = TestDb::empty().await;
    let run = |arguments: &[&str], input: &str| run(&home, &database, arguments, input);
    let done = |output: Output| assert!(output.status.success(), "{}", failure(&output).1);

    done(run(&["user", "create", "ann"], "a long first word\n"));
    let serving = home.serve_on(database.url(), &[]);
    let guest = Client::guest(serving.address);
    let sign_in = async |login: &str, password: &str| {
        guest.post("/api/v1/auth/sign_in", json!({ "login": login, "password": password })).await
    };
    let old = sign_in("ann", "a long first word").await.expect(200);
    done(run(&["user", "password", "ann"], "a long second word\n"));
    let refresh = json!({ "refresh_token": old.at("refresh_token") });
    guest.post("/api/v1/auth/refresh", refresh).await.expect(401);

    done(run(&["user", "promote", "ann"], ""));
    let ann = sign_in("ann", "a long second word").await.expect(200);
    assert_eq!(ann.at("user")["is_admin"], true);
    let ann = guest.with_token(ann.at("access_token").as_str().unwrap());
    let bob =
        json!({ "login": "bob", "name": "Bob", "password": "a long third word", "active": false });
    ann.post("/api/v1/users", bob).await.expect(201);
    sign_in("bob", "a long third word").await.expect(401);
    done(run(&["user", "unblock", "bob"], ""));
    sign_in("bob", "a long third word").await.expect(200);
    drop(serving);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_with_its_cure() {
    let home = fresh_home();
    let database = TestDb::empty().await;
    let check = |arguments: &[&str], input: &str, expected: &str| {
        let (code, said) = failure(&run(&home, &database, arguments, input));
        assert_eq!(code, Some(1));
        assert!(said.contains(expected), "{said}");
    };
    for command in ["password", "unblock", "promote"] {
        check(
            &["user", command, "nobody"],
            "some long password\n",
            "nobody signs in as `nobody`; `artel user list` shows everyone",
        );
    }
    check(&["user", "create", "ann"], "short\n", "password must have at least 8 characters");
    check(&["user", "create", "ann"], "password1\n", "password is a password that many people use");
    check(&["user", "create", "annabelle"], "AnnaBelle\n", "password must not be the login");
    check(
        &["user", "create", "admin"],
        "a long first word\n",
        "somebody signs in as `admin` already",
    );
    database.drop().await;
}

fn run(home: &Home, database: &TestDb, arguments: &[&str], input: &str) -> Output {
    let mut child = home
        .command(arguments)
        .env("DATABASE_URL", database.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}
