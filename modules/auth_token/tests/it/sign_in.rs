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
async fn an_old_hash_is_made_anew() {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    // Of bcrypt, as another program may have left it: "correct horse".
    let old = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
    let stored = app.session();
    let made = stored
        .sql("update users set password = $1 where login = 'ann' returning login", &[old])
        .await
        .unwrap();
    assert_eq!(made.len(), 1);
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    let ann = User::query(&app.session()).filter(User::LOGIN.eq("ann")).first().await.unwrap();
    let hash = ann.unwrap().password.clone().unwrap();
    assert!(hash.expose().starts_with("$argon2id$"));
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    app.stop().await;
}
