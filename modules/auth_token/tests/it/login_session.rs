//! A token is good as long as its login session is, and as its user may be here.

use artel_testing::{TestApp, TestClock};
use chrono::{TimeDelta, Utc};
use serde_json::json;

use crate::{ME, MODULES};

#[tokio::test]
async fn t32_signing_out_ends_the_token_at_once() {
    let app = TestApp::start(&MODULES).await;
    let (ann, again) = (app.user("ann").await, app.user("ann").await);
    ann.get(ME).await.expect(200);
    ann.post("/api/v1/auth/sign_out", json!({})).await.expect(204);
    ann.get(ME).await.expect(401);
    ann.post("/api/v1/auth/sign_out", json!({})).await.expect(401);
    again.get(ME).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t32_another_process_learns_of_the_end() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    ann.get(ME).await.expect(200);
    let revoke = "update sessions set revoked_at = now() returning id::text";
    assert_eq!(app.session().sql(revoke, &[]).await.unwrap().len(), 1);
    app.app().authenticator().unwrap().refresh().await.unwrap();
    ann.get(ME).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t32_a_blocked_user_is_out_with_the_next_request_and_for_good() {
    let app = TestApp::start(&MODULES).await;
    let (root, ann) = (app.admin().await, app.user("ann").await);
    let id = ann.get(ME).await.expect(200).json()["id"].clone();
    let user = format!("/api/v1/users/{id}");
    root.patch(&user, json!({"active": false})).await.expect(200);
    ann.get(ME).await.expect(401);
    root.patch(&user, json!({"active": true})).await.expect(200);
    ann.get(ME).await.expect(401);
    let again = app.user("ann").await;
    again.get(ME).await.expect(200);
    let all = json!({
        "filter": {"id": id}, "data": {"active": false}, "max_affected": 1,
    });
    root.post("/api/v1/users/update_where", all).await.expect(200);
    root.patch(&user, json!({"active": true})).await.expect(200);
    again.get(ME).await.expect(401);
    let again = app.user("ann").await;
    again.get(ME).await.expect(200);
    root.delete(&user).await.expect(204);
    again.get(ME).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn what_cannot_be_confirmed_is_not_guessed() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    ann.get(ME).await.expect(200);
    app.app().database().unwrap().pool().close().await;
    app.app().authenticator().unwrap().distrust();
    assert_eq!(ann.get(ME).await.expect(503).json()["code"], "unavailable");
    app.stop().await;
}

#[tokio::test]
async fn a_token_runs_out() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder().clock(clock.clock()).start(&MODULES).await;
    let ann = app.user("ann").await;
    clock.move_by(TimeDelta::seconds(899));
    ann.get(ME).await.expect(200);
    clock.move_by(TimeDelta::seconds(10));
    assert_eq!(ann.get(ME).await.expect(401).json()["code"], "token_expired");
    app.stop().await;
}

#[tokio::test]
async fn without_a_token_of_ours_one_is_nobody() {
    let app = TestApp::start(&MODULES).await;
    let guest = app.guest();
    assert_eq!(guest.get(ME).await.expect(401).json()["code"], "unauthenticated");
    guest.get("/api/v1/users").await.expect(401);
    let token = app.user("ann").await.token().unwrap().to_owned();
    let forged = [format!("{token}x"), token[1..].to_owned(), "a.b.c".to_owned(), String::new()];
    for forged in forged {
        guest.with_token(forged).get(ME).await.expect(401);
    }
    app.stop().await;
}

#[tokio::test]
async fn a_request_has_no_statement_for_its_login_session() {
    let app = TestApp::start(&MODULES).await;
    let ann = app.user("ann").await;
    ann.get(ME).await.expect(200);
    assert_eq!(ann.get(ME).await.expect(200).header("server-timing"), "");
    let list = ann.get("/api/v1/users").await.expect(200);
    assert_eq!(list.header("server-timing"), "db;desc=\"1 statement\"");
    app.stop().await;
}

#[tokio::test]
async fn one_sees_own_login_sessions_and_writes_none() {
    let app = TestApp::start(&MODULES).await;
    let (ann, bob) = (app.user("ann").await, app.user("bob").await);
    let keeper = app.user_with("kim", &["security.admin"]).await;
    let count = |it: serde_json::Value| it["data"].as_array().unwrap().len();
    assert_eq!(count(ann.get("/api/v1/sessions").await.expect(200).json()), 1);
    assert_eq!(count(bob.get("/api/v1/sessions").await.expect(200).json()), 1);
    assert_eq!(count(keeper.get("/api/v1/sessions").await.expect(200).json()), 3);
    app.admin().await.post("/api/v1/sessions", json!({})).await.expect(405);
    app.admin().await.patch("/api/v1/sessions/1", json!({})).await.expect(405);
    app.stop().await;
}
