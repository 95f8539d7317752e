//! T35: who opens a socket from where they should not is refused, and what they showed is in no log.

use artel_testing::{Client, TestDb};
use serde_json::json;

use crate::process::fresh_home;

const WS: &str = "/api/v1/ws";

#[tokio::test(flavor = "multi_thread")]
async fn t35_foreign_pages_and_tokens_in_addresses_are_refused_and_leave_nothing_in_the_log() {
    let (home, database) = (fresh_home(), TestDb::empty().await);
    let password = "a password that only tests know";
    let settings = [("ARTEL_AUTH__ADMIN_PASSWORD", password), ("ARTEL_LOG__LEVEL", "debug")];
    let mut serving = home.serve_on(database.url(), &settings);
    let guest = Client::guest(serving.address);
    let body = json!({ "login": "admin", "password": password });
    let signed_in = guest.post("/api/v1/auth/sign_in", body).await.expect(200);
    let token = signed_in.at("access_token").as_str().unwrap().to_owned();
    let admin = guest.with_token(&token);
    let ticket = admin.post("/api/v1/auth/ws_ticket", json!({})).await.expect(200).at("ticket");
    let ticket = ticket.as_str().unwrap().to_owned();

    for origin in ["https://evil.test", "null"] {
        let foreign = admin.socket(format!("{WS}?ticket={ticket}")).origin(origin);
        assert_eq!(foreign.refusal().await.expect(403).json()["code"], "foreign_origin");
    }
    guest.socket(format!("{WS}?token={token}")).refusal().await.expect(400);
    // What was refused has not used it up; what has opened has.
    let mut ours = guest.socket(format!("{WS}?ticket={ticket}")).open().await;
    assert_eq!(ours.frame().await["type"], "hello");
    assert_eq!(ours.frame().await["type"], "ready");
    let mut again = guest.socket(format!("{WS}?ticket={ticket}")).open().await;
    assert_eq!(again.end().await, 4401);

    assert_eq!(serving.end("TERM"), Some(0));
    let log = home.log();
    assert!(log.contains(WS), "requests are in it: {log}");
    let signature = token.rsplit('.').next().unwrap();
    for secret in [&*token, signature, &ticket, password] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    database.drop().await;
}
