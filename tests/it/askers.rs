//! Askers of the test kit are who they say, and every test has its own rows.

use artel_testing::TestApp;
use serde_json::json;

#[tokio::test]
async fn askers_are_who_they_say() {
    let app = TestApp::start(&[auth_token::MODULE, leads::MODULE]).await;
    app.guest().get("/api/v1/auth/me").await.expect(401);
    let ann = app.user_with("ann", &["leads.manager"]).await;
    let me = ann.get("/api/v1/auth/me").await.expect(200).json();
    assert_eq!(me["login"], "ann");
    assert!(me["roles"].as_array().unwrap().contains(&json!("leads.manager")), "{me}");
    let root = app.admin().await.get("/api/v1/auth/me").await.expect(200).json();
    assert_eq!(root["is_admin"], true);
    app.stop().await;
}

#[tokio::test]
async fn tests_share_no_rows() {
    let first = TestApp::start(&[auth_token::MODULE, products::MODULE]).await;
    let second = TestApp::start(&[auth_token::MODULE, products::MODULE]).await;
    let made = first.admin().await.post("/api/v1/units", json!({ "name": "barrel" })).await;
    made.expect(201);
    let found = second.admin().await.get("/api/v1/units?name=barrel").await.expect(200).json();
    assert_eq!(found["data"], json!([]));
    first.stop().await;
    second.stop().await;
}
