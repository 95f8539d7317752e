//! The database goes away under a running server, and comes back.

use artel_testing::{Client, Home, send_signal};
use serde_json::json;

use crate::process::fresh_home;

/// Tries until something has happened that takes a moment: far more than it needs.
const TRIES_MAX: usize = 100_000;

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_the_database_says_so_until_it_is_back() {
    let home = fresh_home();
    let serving = home.serve();
    let guest = Client::guest(serving.address);
    let password = home.read(".data/admin_password");
    let body = json!({ "login": "admin", "password": password.trim() });
    let signed_in = guest.post("/api/v1/auth/sign_in", body).await.expect(200).json();
    let admin = guest.with_token(signed_in["access_token"].as_str().unwrap());
    admin.get("/api/v1/units").await.expect(200);

    send_signal("KILL", postmaster(&home));
    let away = until(&admin, |status| status != 200).await;
    assert_eq!(away.status, 503);
    assert_eq!(away.json()["code"], "unavailable");
    assert_ne!(away.header("retry-after"), "");
    guest.get("/health/live").await.expect(200);
    guest.get("/health/ready").await.expect(503);

    // The next process that needs the cluster starts it again.
    let _other = home.serve();
    let back = until(&admin, |status| status != 503).await;
    assert_eq!(back.status, 200, "it recovers by itself, and whoever was signed in still is");
    guest.get("/health/ready").await.expect(200);
}

/// Asks again and again until the status is as wanted.
async fn until(client: &Client, is_wanted: impl Fn(u16) -> bool) -> artel_testing::Reply {
    for _ in 0..TRIES_MAX {
        let reply = client.get("/api/v1/units").await;
        if is_wanted(reply.status) {
            return reply;
        }
    }
    panic!("it never happened");
}

/// The process of the cluster, whose place the log names.
fn postmaster(home: &Home) -> u32 {
    let log = home.read("stderr");
    let (_, place) = log.split_once(" cluster in ").expect("the first start says where");
    let place = place.lines().next().unwrap().trim();
    let file = std::fs::read_to_string(format!("{place}/data/postmaster.pid")).unwrap();
    file.lines().next().unwrap().parse().unwrap()
}
