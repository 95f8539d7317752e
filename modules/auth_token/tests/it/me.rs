//! Who one is, and what one may do.

use artel_testing::TestApp;
use serde_json::json;

use crate::MODULES;

#[tokio::test]
async fn one_is_told_who_one_is_and_may_do() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user_with("ann", &["security.admin"]).await;
    let me = ann.get("/api/v1/auth/me").await.expect(200).json();
    assert_eq!(me["login"], "ann");
    assert_eq!(me["email"], json!(null));
    assert_eq!(me["language"], "en");
    assert_eq!(me["is_admin"], false);
    assert_eq!(me["roles"], json!(["base.user", "security.admin"]));
    let reads = json!({"create": false, "read": true, "update": false, "delete": false});
    let keeps = json!({"create": true, "read": true, "update": true, "delete": false});
    assert_eq!(me["can"]["users"], keeps);
    assert_eq!(me["can"]["roles"], reads);
    app.stop().await;
}

#[tokio::test]
async fn a_role_that_is_given_counts_with_the_next_request() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    ann.get("/api/v1/roles").await.expect(403);
    let again = app.user_with("ann", &["security.admin"]).await;
    again.get("/api/v1/roles").await.expect(200);
    app.app().authenticator().unwrap().refresh().await.unwrap();
    ann.get("/api/v1/roles").await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn an_administrator_may_do_all_that_there_are_routes_for() {
    let app = TestApp::start(&MODULES).await;
    let me = app.admin().await.get("/api/v1/auth/me").await.expect(200).json();
    assert_eq!(me["is_admin"], true);
    let all = json!({"create": true, "read": true, "update": true, "delete": true});
    assert_eq!(me["can"]["users"], all);
    let reads = json!({"create": false, "read": true, "update": false, "delete": false});
    assert_eq!(me["can"]["sessions"], reads);
    app.stop().await;
}
