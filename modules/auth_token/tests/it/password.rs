//! T32: whoever knows their password changes it, and is then signed in here alone.

use artel_testing::{Client, Reply, TestApp, TestClock};
use chrono::{TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    ME, MODULES, PASSWORD, a_second_later, bearer, make_user, refresh, set_active, sign_in, text,
};

const NEW: &str = "another horse";

#[tokio::test]
async fn t32_a_new_password_ends_all_other_sign_ins() {
    let here = start().await;
    let there = TestApp::builder().start_beside(&here, &MODULES).await;
    let other = sign_in(&here, "ann", PASSWORD).await.expect(200);
    let this = sign_in(&here, "ann", PASSWORD).await.expect(200);
    bearer(&there, &other).get(ME).await.expect(200);

    change(&bearer(&here, &this), PASSWORD, NEW).await.expect(204);
    bearer(&here, &other).get(ME).await.expect(401);
    a_second_later(&there).await;
    bearer(&there, &other).get(ME).await.expect(401);
    refresh(&there, &text(&other, "refresh_token")).await.expect(401);
    bearer(&here, &this).get(ME).await.expect(200);
    refresh(&there, &text(&this, "refresh_token")).await.expect(200);

    sign_in(&here, "ann", PASSWORD).await.expect(401);
    sign_in(&here, "ann", NEW).await.expect(200);
    there.stop().await;
    here.stop().await;
}

#[tokio::test]
async fn t32_whoever_signs_in_during_the_change_is_out_after_it() {
    let app = start().await;
    let ann = bearer(&app, &sign_in(&app, "ann", PASSWORD).await.expect(200));
    let sign_ins = join_all((0..12).map(|_| sign_in(&app, "ann", PASSWORD)));
    let (signed_in, changed) = futures_util::join!(sign_ins, change(&ann, PASSWORD, NEW));
    changed.expect(204);
    for reply in signed_in.iter().filter(|it| it.is_success()) {
        bearer(&app, reply).get(ME).await.expect(401);
        refresh(&app, &text(reply, "refresh_token")).await.expect(401);
    }
    ann.get(ME).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t32_what_was_read_of_an_account_before_a_change_lets_nobody_in_after_it() {
    let app = start().await;
    let (accounts, session) = (app.app().accounts().unwrap(), app.session());
    let read = async || accounts.by_login(&session, "ann").await.unwrap().unwrap();
    let is_current = async |it| accounts.is_current(&session, it).await.unwrap();
    let before = read().await;
    assert!(is_current(&before).await);
    let ann = bearer(&app, &sign_in(&app, "ann", PASSWORD).await.expect(200));
    change(&ann, PASSWORD, NEW).await.expect(204);
    assert!(!is_current(&before).await);
    let after = read().await;
    assert!(is_current(&after).await);
    set_active(&app, "ann", false).await;
    assert!(!is_current(&after).await);
    app.stop().await;
}

#[tokio::test]
async fn t32_a_password_that_somebody_is_given_ends_all_their_sign_ins() {
    let app = start().await;
    let root = app.admin().await;
    let ann = sign_in(&app, "ann", PASSWORD).await.expect(200);
    let path = format!("/api/v1/users/{}", ann.at("user")["id"]);
    root.patch(&path, json!({"name": "Ann Lee"})).await.expect(200);
    bearer(&app, &ann).get(ME).await.expect(200);
    root.patch(&path, json!({"password": "short"})).await.expect(422);
    bearer(&app, &ann).get(ME).await.expect(200);
    root.patch(&path, json!({"password": NEW})).await.expect(200);
    bearer(&app, &ann).get(ME).await.expect(401);
    refresh(&app, &text(&ann, "refresh_token")).await.expect(401);
    sign_in(&app, "ann", NEW).await.expect(200);

    // Whoever gives it to themselves stays where they are.
    let (id, elsewhere) = (root.get(ME).await.expect(200).id(), app.admin().await);
    root.patch(&format!("/api/v1/users/{id}"), json!({"password": NEW})).await.expect(200);
    root.get(ME).await.expect(200);
    elsewhere.get(ME).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn every_fault_of_a_change_is_said() {
    let app = start().await;
    let ann = bearer(&app, &sign_in(&app, "ann", PASSWORD).await.expect(200));
    let fault = async |old: &str, new: &str| change(&ann, old, new).await.fault();
    assert_eq!(fault("wrong horse", NEW).await, "422 validation: /old wrong_password");
    assert_eq!(
        fault("wrong horse", "short").await,
        "422 validation: /old wrong_password, /new too_short"
    );
    assert_eq!(fault(PASSWORD, "Password123").await, "422 validation: /new too_common");
    assert_eq!(fault(PASSWORD, &"я".repeat(513)).await, "422 validation: /new too_long");
    let body = json!({"old": 1, "x": 2});
    assert_eq!(
        ann.post("/api/v1/auth/password", body).await.fault(),
        "422 validation: /old wrong_type, /new required, /x unknown_field"
    );
    app.guest().post("/api/v1/auth/password", json!({})).await.expect(401);
    sign_in(&app, "ann", PASSWORD).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t29_a_wrong_old_password_counts_as_a_failed_sign_in() {
    let clock = TestClock::at(Utc::now());
    let app = TestApp::builder()
        .clock(clock.clock())
        .setting("ARTEL_AUTH__FAILURES_PER_MINUTE", 2)
        .start(&MODULES)
        .await;
    make_user(&app, "ann").await;
    let ann = bearer(&app, &sign_in(&app, "ann", PASSWORD).await.expect(200));
    change(&ann, "wrong horse", NEW).await.expect(422);
    sign_in(&app, "ann", "wrong horse").await.expect(401);
    let refused = change(&ann, PASSWORD, NEW).await.expect(429);
    assert_eq!(refused.header("retry-after"), "60");
    sign_in(&app, "ann", PASSWORD).await.expect(429);
    clock.move_by(TimeDelta::seconds(60));
    change(&ann, PASSWORD, NEW).await.expect(204);
    app.stop().await;
}

#[tokio::test]
async fn t29_long_passwords_are_never_cut() {
    let app = start().await;
    let ann = bearer(&app, &sign_in(&app, "ann", PASSWORD).await.expect(200));
    let alike = "horse ".repeat(12);
    change(&ann, PASSWORD, &format!("{alike}1")).await.expect(204);
    sign_in(&app, "ann", &format!("{alike}2")).await.expect(401);
    sign_in(&app, "ann", &alike).await.expect(401);
    sign_in(&app, "ann", &format!("{alike}1")).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t29_a_long_password_of_bcrypt_is_whole_from_its_first_use_on() {
    let app = start().await;
    // As a program that uses bcrypt may have left it: of `x` eighty times, bcrypt saw seventy-two.
    let old = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    let stored = "update users set password = $1 where login = 'ann' returning login";
    assert_eq!(app.session().sql(stored, &[old]).await.unwrap().len(), 1);
    let whole = "x".repeat(80);
    sign_in(&app, "ann", &"x".repeat(71)).await.expect(401);
    sign_in(&app, "ann", &whole).await.expect(200);
    sign_in(&app, "ann", &"x".repeat(79)).await.expect(401);
    sign_in(&app, "ann", &whole).await.expect(200);
    app.stop().await;
}

async fn start() -> TestApp {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    app
}

async fn change(client: &Client, old: &str, new: &str) -> Reply {
    client.post("/api/v1/auth/password", json!({"old": old, "new": new})).await
}
