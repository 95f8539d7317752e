//! A login and a password become a token, or nothing is said about which of them was wrong.

use artel_testing::{TestApp, TestClock};
use chrono::{TimeDelta, Utc};
use orm::Model;
use serde_json::json;
use users::User;

use crate::{MODULES, PASSWORD, make_user, refusal, set_active, sign_in};

#[tokio::test]
async fn the_right_password_gives_a_token() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    let reply = sign_in(&app, "ann", PASSWORD).await.expect(200);
    let body = reply.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(body["expires_in"], 900);
    assert_eq!(body["user"]["login"], "ann");
    assert_eq!(body["user"]["name"], "ANN");
    assert_eq!(body["user"]["is_admin"], false);
    let ann = app.guest().with_token(body["access_token"].as_str().unwrap());
    ann.get("/api/v1/auth/me").await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t28_whatever_is_wrong_looks_and_costs_the_same() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    make_user(&app, "blocked").await;
    set_active(&app, "blocked", false).await;
    app.user("without_password").await;
    let wrong = refusal(&sign_in(&app, "ann", "wrong horse").await.expect(401));
    assert_eq!(wrong["code"], "bad_credentials");
    let compared = || app.app().authenticator().unwrap().passwords_compared();
    for (login, password) in
        [("nobody", PASSWORD), ("blocked", PASSWORD), ("without_password", PASSWORD), ("", "")]
    {
        let before = compared();
        let other = refusal(&sign_in(&app, login, password).await.expect(401));
        assert_eq!(other, wrong, "{login}");
        assert_eq!(compared() - before, 1, "{login} costs as much as anybody");
    }
    let before = compared();
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    assert_eq!(compared() - before, 1);
    app.stop().await;
}

#[tokio::test]
async fn a_body_is_judged_as_a_whole() {
    let app = TestApp::start(&MODULES).await;
    let reply = app.guest().post("/api/v1/auth/sign_in", json!({"login": 1, "x": true})).await;
    let problem = reply.expect(422).json();
    let codes: Vec<(&str, &str)> = problem["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["pointer"].as_str().unwrap(), it["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        codes,
        [("/login", "wrong_type"), ("/password", "required"), ("/x", "unknown_field")]
    );
    let long = json!({"login": "ann", "password": "x".repeat(1_000_000)});
    app.guest().post("/api/v1/auth/sign_in", long).await.expect(422);
    app.stop().await;
}

#[tokio::test]
async fn t29_too_many_failures_shut_out_for_a_minute() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder()
        .clock(clock.clock())
        .setting("ARTEL_AUTH__FAILURES_PER_MINUTE", 3)
        .start(&MODULES)
        .await;
    make_user(&app, "ann").await;
    for _ in 0..3 {
        sign_in(&app, "ann", "wrong horse").await.expect(401);
    }
    let refused = sign_in(&app, "ann", PASSWORD).await.expect(429);
    assert_eq!(refused.header("retry-after"), "60");
    make_user(&app, "bob").await;
    sign_in(&app, "bob", PASSWORD).await.expect(200);
    clock.move_by(TimeDelta::seconds(60));
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t29_failures_count_by_login_and_address_and_by_address() {
    let app = TestApp::builder()
        .setting("ARTEL_AUTH__FAILURES_PER_MINUTE", 2)
        .setting("ARTEL_AUTH__FAILURES_PER_MINUTE_ADDRESS", 4)
        .setting("ARTEL_HTTP__TRUSTED_PROXIES", "127.0.0.1")
        .start(&MODULES)
        .await;
    make_user(&app, "ann").await;
    make_user(&app, "bob").await;
    let from = async |address: &str, login: &str, password: &str| {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        let body = json!({"login": login, "password": password}).to_string();
        app.guest().send(http::Method::POST, crate::SIGN_IN, &headers, body).await.status
    };
    let (here, there) = ("198.51.100.1", "198.51.100.2");
    for _ in 0..2 {
        assert_eq!(from(here, "ann", "wrong horse").await, 401);
    }
    assert_eq!(from(here, "ann", PASSWORD).await, 429);
    assert_eq!(from(there, "ann", PASSWORD).await, 200, "nobody shuts others out elsewhere");
    assert_eq!(from(here, "bob", PASSWORD).await, 200);
    for login in ["nobody", "no one"] {
        assert_eq!(from(here, login, "wrong horse").await, 401);
    }
    assert_eq!(from(here, "bob", PASSWORD).await, 429);
    assert_eq!(from(there, "bob", PASSWORD).await, 200);
    app.stop().await;
}

#[tokio::test]
async fn many_first_sign_ins_with_an_old_hash_all_succeed() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    keep_old_hash(&app).await;
    let sign_ins = futures_util::future::join_all((0..8).map(|_| sign_in(&app, "ann", PASSWORD)));
    for reply in sign_ins.await {
        reply.expect(200);
    }
    app.stop().await;
}

#[tokio::test]
async fn an_old_hash_is_made_anew() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    keep_old_hash(&app).await;
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    let ann = User::query(&app.session()).filter(User::LOGIN.eq("ann")).first().await.unwrap();
    let hash = ann.unwrap().password.clone().unwrap();
    assert!(hash.expose().starts_with("$argon2id$"));
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    app.stop().await;
}

/// A hash of bcrypt, as another program may have left it: of "correct horse".
async fn keep_old_hash(app: &TestApp) {
    let old = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    let kept = "update users set password = $1 where login = 'ann' returning login";
    assert_eq!(app.session().sql(kept, &[old]).await.unwrap().len(), 1);
}
