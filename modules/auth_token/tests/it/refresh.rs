//! T31: a refresh token is good for one use; whoever comes later ends the login session.

use std::collections::BTreeSet;

use artel_testing::{Reply, TestApp, TestClock};
use chrono::{SubsecRound, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::json;

use crate::{
    ME, MODULES, PASSWORD, REFRESH, SIGN_OUT, a_second_later, bearer, make_user, refresh,
    set_active, sign_in, text,
};

#[tokio::test]
async fn t31_each_refresh_token_gives_the_next_pair() {
    let app = start().await;
    let mut reply = sign_in(&app, "ann", PASSWORD).await.expect(200);
    let mut seen = BTreeSet::from([text(&reply, "refresh_token")]);
    for _ in 0..4 {
        reply = refresh(&app, &text(&reply, "refresh_token")).await.expect(200);
        assert_eq!(reply.at("token_type"), "Bearer");
        assert_eq!(reply.at("expires_in"), 900);
        assert_eq!(reply.at("user")["login"], "ann");
        bearer(&app, &reply).get(ME).await.expect(200);
        assert!(seen.insert(text(&reply, "refresh_token")), "it is another one");
    }
    app.stop().await;
}

#[tokio::test]
async fn t31_a_token_whose_child_was_used_ends_the_login_session_everywhere() {
    let here = start().await;
    let there = TestApp::builder().start_beside(&here, &MODULES).await;
    let first = sign_in(&here, "ann", PASSWORD).await.expect(200);
    let second = refresh(&there, &text(&first, "refresh_token")).await.expect(200);
    let third = refresh(&here, &text(&second, "refresh_token")).await.expect(200);
    for app in [&here, &there] {
        for reply in [&first, &second, &third] {
            bearer(app, reply).get(ME).await.expect(200);
        }
    }

    let replayed = refresh(&here, &text(&first, "refresh_token")).await;
    assert_eq!(replayed.fault(), "401 unauthenticated");
    bearer(&here, &third).get(ME).await.expect(401);
    a_second_later(&there).await;
    bearer(&there, &third).get(ME).await.expect(401);
    for reply in [&first, &second, &third] {
        refresh(&there, &text(reply, "refresh_token")).await.expect(401);
    }
    // Another sign-in of the same user is none of it.
    let again = sign_in(&here, "ann", PASSWORD).await.expect(200);
    bearer(&there, &again).get(ME).await.expect(200);
    there.stop().await;
    here.stop().await;
}

#[tokio::test]
async fn t31_twenty_uses_at_once_in_two_processes_give_one_child() {
    let here = start().await;
    let there = TestApp::builder().start_beside(&here, &MODULES).await;
    let mut token = text(&sign_in(&here, "ann", PASSWORD).await.expect(200), "refresh_token");
    for _ in 0..5 {
        let uses = (0..20).map(|at| refresh(if at % 2 == 0 { &here } else { &there }, &token));
        let replies = join_all(uses).await;
        let child = |it: Reply| text(&it.expect(200), "refresh_token");
        let children: BTreeSet<String> = replies.into_iter().map(child).collect();
        assert_eq!(children.len(), 1, "{children:?}");
        assert!(!children.contains(&token));
        token = children.into_iter().next().unwrap();
    }
    there.stop().await;
    here.stop().await;
}

#[tokio::test]
async fn t31_the_same_child_comes_again_for_ten_seconds() {
    let (app, clock) = start_with_clock().await;
    let first = text(&sign_in(&app, "ann", PASSWORD).await.expect(200), "refresh_token");
    let child = refresh(&app, &first).await.expect(200);
    clock.move_by(TimeDelta::seconds(10));
    let again = refresh(&app, &first).await.expect(200);
    assert_eq!(text(&again, "refresh_token"), text(&child, "refresh_token"));
    bearer(&app, &child).get(ME).await.expect(200);

    clock.move_by(TimeDelta::seconds(1));
    refresh(&app, &first).await.expect(401);
    bearer(&app, &child).get(ME).await.expect(401);
    refresh(&app, &text(&child, "refresh_token")).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t31_no_renewal_makes_a_sign_in_last_longer() {
    let (app, clock) = start_with_clock().await;
    let mut reply = sign_in(&app, "ann", PASSWORD).await.expect(200);
    // Three thousand seconds are all there are; the last token is shorter for it.
    for expires_in in [900, 900, 300] {
        clock.move_by(TimeDelta::seconds(900));
        reply = refresh(&app, &text(&reply, "refresh_token")).await.expect(200);
        assert_eq!(reply.at("expires_in"), expires_in);
    }
    clock.move_by(TimeDelta::seconds(299));
    bearer(&app, &reply).get(ME).await.expect(200);
    clock.move_by(TimeDelta::seconds(1));
    bearer(&app, &reply).get(ME).await.expect(401);
    refresh(&app, &text(&reply, "refresh_token")).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t31_a_blocked_user_is_not_renewed_and_loses_nothing_by_trying() {
    let app = start().await;
    let token = text(&sign_in(&app, "ann", PASSWORD).await.expect(200), "refresh_token");
    set_active(&app, "ann", false).await;
    refresh(&app, &token).await.expect(401);
    set_active(&app, "ann", true).await;
    refresh(&app, &token).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn t31_an_ended_login_session_is_not_renewed() {
    let app = start().await;
    let reply = sign_in(&app, "ann", PASSWORD).await.expect(200);
    bearer(&app, &reply).post(SIGN_OUT, json!({})).await.expect(204);
    refresh(&app, &text(&reply, "refresh_token")).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t30_one_kind_of_token_is_not_taken_for_the_other() {
    let app = start().await;
    let reply = sign_in(&app, "ann", PASSWORD).await.expect(200);
    refresh(&app, &text(&reply, "access_token")).await.expect(401);
    app.guest().with_token(text(&reply, "refresh_token")).get(ME).await.expect(401);
    refresh(&app, &text(&reply, "refresh_token")).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn a_secret_can_be_changed_without_signing_anybody_out() {
    const OLD: &str = "the old secret, which is long enough for anybody";
    const NEW: &str = "the new secret, which is long enough for anybody";
    let secret = |it| TestApp::builder().setting("ARTEL_AUTH__SECRET", it);
    let old = secret(OLD).start(&MODULES).await;
    make_user(&old, "ann").await;
    let both = secret(NEW).setting("ARTEL_AUTH__SECRET_PREVIOUS", OLD);
    let both = both.start_beside(&old, &MODULES).await;
    let new = secret(NEW).start_beside(&old, &MODULES).await;

    let first = sign_in(&old, "ann", PASSWORD).await.expect(200);
    bearer(&new, &first).get(ME).await.expect(401);
    refresh(&new, &text(&first, "refresh_token")).await.expect(401);
    bearer(&both, &first).get(ME).await.expect(200);
    let second = refresh(&both, &text(&first, "refresh_token")).await.expect(200);
    bearer(&new, &second).get(ME).await.expect(200);
    bearer(&old, &second).get(ME).await.expect(401);
    refresh(&new, &text(&second, "refresh_token")).await.expect(200);
    for app in [new, both, old] {
        app.stop().await;
    }
}

#[tokio::test]
async fn what_is_kept_of_a_token_is_a_hash_that_nobody_is_given() {
    let app = start().await;
    let token = text(&sign_in(&app, "ann", PASSWORD).await.expect(200), "refresh_token");
    let signature = token.rsplit('.').next().unwrap();
    let kept = app.session().sql("select sessions::text from sessions", &[]).await.unwrap();
    let kept = kept.concat().into_iter().flatten().collect::<String>();
    assert!(!kept.contains(signature), "{kept}");

    let root = app.admin().await;
    let listed = root.get("/api/v1/sessions").await.expect(200);
    let fields = listed.json()["data"][0].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(fields.contains(&"expires_at".to_owned()) && !fields.contains(&"refresh".to_owned()));
    for query in ["fields=refresh", "sort=refresh", "refresh=x", "refresh[null]=true"] {
        root.get(&format!("/api/v1/sessions?{query}")).await.expect(400);
    }
    app.stop().await;
}

#[tokio::test]
async fn a_body_that_is_no_renewal_is_refused() {
    let app = start().await;
    let sent = async |body: &str, content_type: &str| {
        let headers = [("content-type", content_type)];
        app.guest().send(http::Method::POST, REFRESH, &headers, body.to_owned()).await.fault()
    };
    let json = "application/json";
    assert_eq!(sent("{}", json).await, "401 unauthenticated");
    assert_eq!(sent(r#"{"refresh_token":"x.1.y"}"#, json).await, "401 unauthenticated");
    assert_eq!(
        sent(r#"{"refresh_token":1,"x":2}"#, json).await,
        "422 validation: /refresh_token wrong_type, /x unknown_field"
    );
    assert_eq!(sent("[]", json).await, "400 bad_json");
    assert_eq!(sent("{}", "text/plain").await, "415 unsupported_media_type");
    app.stop().await;
}

async fn start() -> TestApp {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    app
}

async fn start_with_clock() -> (TestApp, TestClock) {
    let clock = TestClock::at(Utc::now().trunc_subsecs(0));
    let app = TestApp::builder()
        .clock(clock.clock())
        .setting("ARTEL_AUTH__REFRESH_TTL_S", 3000)
        .start(&MODULES)
        .await;
    make_user(&app, "ann").await;
    (app, clock)
}
