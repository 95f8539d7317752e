//! Users made and changed from the command line sign in with what they were given.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use artel_testing::{Client, TestDb};
use serde_json::json;

use crate::process::{Home, failure};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_in_with_the_password_from_the_input() {
    let home = Home::fresh();
    let database = TestDb::empty().await;
    let run = |arguments: &[&str], input: &str| run(&home, &database, arguments, input);

    let made = run(&["user", "create", "ann", "--name", "Ann Lee"], "a long first word\n");
    assert!(made.status.success(), "{}", failure(&made).1);
    let listed = run(&["user", "list"], "");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("Ann Lee"));
    let changed = run(&["user", "password", "ann"], "a long second word\n");
    assert!(changed.status.success(), "{}", failure(&changed).1);

    let serving = home.serve_with(&database, &[]);
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
async fn a_login_that_nobody_has_is_named() {
    let home = Home::fresh();
    let database = TestDb::empty().await;
    let output = run(&home, &database, &["user", "password", "nobody"], "some password\n");
    let (code, said) = failure(&output);
    assert_eq!(code, Some(1));
    assert!(said.contains("nobody signs in as `nobody`"), "{said}");
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
