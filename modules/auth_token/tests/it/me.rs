//! Who one is, and what one may do.

use artel_testing::TestApp;
use serde_json::json;

use crate::{ME, MODULES};

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
    let writes = json!({"create": true, "read": true, "update": true, "delete": false});
    assert_eq!(me["can"]["users"], writes);
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

#[tokio::test]
async fn one_says_ones_name_address_and_language() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    let change = json!({"name": "Ann Lee", "email": "ann@example.com", "language": "ru"});
    let changed = ann.patch(ME, change).await.expect(200).json();
    assert_eq!(changed["name"], "Ann Lee");
    assert_eq!(changed["email"], "ann@example.com");
    assert_eq!(changed["language"], "ru");
    assert_eq!(ann.get(ME).await.expect(200).json(), changed);
    // What is absent stays, and only an address can be taken away.
    let changed = ann.patch(ME, json!({"email": null})).await.expect(200).json();
    assert_eq!((&changed["name"], &changed["email"]), (&json!("Ann Lee"), &json!(null)));
    assert_eq!(ann.patch(ME, json!({})).await.expect(200).json(), changed);

    let root = app.admin().await;
    let user = root.get(&format!("/api/v1/users/{}", changed["id"])).await.expect(200).json();
    assert_eq!((&user["language"], &user["updated_by_id"]), (&json!("ru"), &changed["id"]));
    app.stop().await;
}

#[tokio::test]
async fn another_sign_in_of_the_same_user_shows_the_change() {
    let app = TestApp::start(&MODULES).await;
    let (here, there) = (app.user("ann").await, app.user("ann").await);
    there.get(ME).await.expect(200);
    here.patch(ME, json!({"name": "Ann Lee"})).await.expect(200);
    assert_eq!(there.get(ME).await.expect(200).at("name"), "Ann Lee");
    app.stop().await;
}

#[tokio::test]
async fn nothing_else_can_be_said_about_oneself() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    for (key, value) in [
        ("login", json!("root")),
        ("is_admin", json!(true)),
        ("active", json!(false)),
        ("password", json!("another horse")),
        ("role_ids", json!({"set": [1]})),
        ("company_id", json!(1)),
        ("id", json!(1)),
        ("version", json!(1)),
        ("Name", json!("Ann")),
    ] {
        let before = ann.get(ME).await.expect(200).json();
        let reply = ann.patch(ME, json!({key: value, "name": "Eve"})).await;
        assert_eq!(reply.fault(), format!("422 validation: /{key} unknown_field"));
        assert_eq!(ann.get(ME).await.expect(200).json(), before);
    }
    app.guest().patch(ME, json!({})).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn every_fault_of_a_change_is_said_at_once() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    let faults = async |body| ann.patch(ME, body).await.fault();
    assert_eq!(
        faults(json!({"name": null, "email": "x".repeat(255), "language": "de", "x": 1})).await,
        "422 validation: /name required, /email too_long, /language choice, /x unknown_field"
    );
    assert_eq!(
        faults(json!({"name": 1, "email": false, "language": null})).await,
        "422 validation: /name wrong_type, /email wrong_type, /language required"
    );
    assert_eq!(faults(json!({"name": "x".repeat(201)})).await, "422 validation: /name too_long");
    app.stop().await;
}
