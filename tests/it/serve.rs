//! Serving from a fresh directory: ready, asked to stop, killed, started again.

use artel_testing::{Client, TestDb};
use serde_json::json;

use crate::process::fresh_home;

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_directory_is_served_until_an_interrupt() {
    let home = fresh_home();
    let mut serving = home.serve();
    let guest = Client::guest(serving.address);
    guest.get("/health/ready").await.expect(200);

    let password = home.read(".data/admin_password");
    let body = json!({ "login": "admin", "password": password.trim() });
    guest.post("/api/v1/auth/sign_in", body).await.expect(200);

    assert_eq!(serving.end("INT"), Some(0));
    assert!(!home.read("stderr").contains(password.trim()), "the log has no password");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_killed_starts_again() {
    let home = fresh_home();
    let mut serving = home.serve();
    assert_eq!(serving.end("KILL"), None);

    let mut serving = home.serve();
    Client::guest(serving.address).get("/health/ready").await.expect(200);
    assert_eq!(serving.end("TERM"), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_start_at_once_in_an_empty_directory() {
    let home = fresh_home();
    let (first, second) = std::thread::scope(|scope| {
        let first = scope.spawn(|| home.serve());
        let second = scope.spawn(|| home.serve());
        (first.join().unwrap(), second.join().unwrap())
    });
    for mut serving in [first, second] {
        Client::guest(serving.address).get("/health/ready").await.expect(200);
        assert_eq!(serving.end("TERM"), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_signal_drains_and_the_second_ends_it() {
    let home = fresh_home();
    let database = TestDb::empty().await;
    let mut serving = home.serve_on(database.url(), &[("ARTEL_HTTP__DRAIN_S", "3600")]);
    let guest = Client::guest(serving.address);
    guest.get("/health/ready").await.expect(200);
    serving.send("TERM");
    while guest.get("/health/ready").await.status == 200 {}
    guest.get("/health/live").await.expect(200);
    guest.get("/api/v1/products").await.expect(401);

    assert_eq!(serving.end("TERM"), Some(1));
    database.drop().await;
}
