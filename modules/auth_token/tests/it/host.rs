//! T34: what a request says about its host is in no answer.
//!
//! There are no links by mail: no tokens to reset a password, to invite or to change an address.
//! Whoever looks after people gives a new password; an operator does with `artel user password`.

use artel_testing::TestApp;
use http::Method;
use serde_json::json;

use crate::{ME, MODULES, PASSWORD, SIGN_IN, make_user};

const LIES: [(&str, &str); 5] = [
    ("host", "evil.test"),
    ("x-forwarded-host", "evil.test"),
    ("x-forwarded-proto", "gopher"),
    ("forwarded", "host=evil.test"),
    ("x-original-url", "/evil.test"),
];

#[tokio::test]
async fn t34_a_host_that_a_client_makes_up_changes_nothing() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    let root = app.admin().await;
    for path in ["/api/openapi.json", "/api/docs", ME, "/api/v1/users", "/api/v1/nothing"] {
        let plain = root.get(path).await;
        let lied = root.send(Method::GET, path, &LIES, "").await;
        assert_eq!(
            (plain.status, said(&plain.text())),
            (lied.status, said(&lied.text())),
            "{path}"
        );
    }
    let json = ("content-type", "application/json");
    let headers = [&LIES[..], &[json]].concat();
    let bob = json!({"login": "bob", "name": "Bob"}).to_string();
    let made = root.send(Method::POST, "/api/v1/users", &headers, bob).await.expect(201);
    assert!(made.header("location").starts_with("/api/v1/users/"), "{}", made.header("location"));
    let ann = json!({"login": "ann", "password": PASSWORD, "cookie": true}).to_string();
    let signed_in = app.guest().send(Method::POST, SIGN_IN, &headers, ann).await.expect(200);
    for reply in [made, signed_in] {
        let headers = format!("{:?}", reply.headers);
        assert!(!headers.contains("evil.test") && !reply.text().contains("evil.test"), "{headers}");
    }
    app.stop().await;
}

/// What is said, without the id of the request.
fn said(body: &str) -> String {
    let (before, after) = body.split_once("\"request_id\":\"").unwrap_or((body, ""));
    format!("{before}{}", after.split_once('"').map_or("", |it| it.1))
}
