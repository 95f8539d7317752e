//! T32: one sees where one is signed in, and ends it: one by one, or all others.

use artel_testing::{Client, Reply, TestApp};
use serde_json::{Value, json};

use crate::{ME, MODULES, PASSWORD, a_second_later, bearer, make_user, refresh, sign_in, text};

const SESSIONS: &str = "/api/v1/auth/sessions";
const OTHERS: &str = "/api/v1/auth/sessions/terminate_others";

#[tokio::test]
async fn one_sees_ones_own_sign_ins_that_are_alive() {
    let app = start().await;
    let (first, second) = (sign_in_ann(&app).await, sign_in_ann(&app).await);
    app.user("bob").await.get(ME).await.expect(200);
    let listed = own(&bearer(&app, &second)).await;
    let current: Vec<_> = listed.iter().map(|it| it["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [true, false]);
    let mut keys: Vec<_> = listed[0].as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["address", "agent", "created_at", "current", "id", "last_seen_at"]);
    assert_eq!(listed[0]["address"], "127.0.0.1");

    bearer(&app, &first).post(crate::SIGN_OUT, json!({})).await.expect(204);
    assert_eq!(own(&bearer(&app, &second)).await.len(), 1);
    app.guest().get(SESSIONS).await.expect(401);
    app.stop().await;
}

#[tokio::test]
async fn t32_one_ends_ones_own_sign_ins_and_nobody_elses() {
    let here = start().await;
    let there = TestApp::builder().start_beside(&here, &MODULES).await;
    let (first, second) = (sign_in_ann(&here).await, sign_in_ann(&here).await);
    bearer(&there, &first).get(ME).await.expect(200);
    let ann = bearer(&here, &second);
    let id = own(&ann).await[1]["id"].clone();
    let path = format!("{SESSIONS}/{id}");

    let bob = here.user("bob").await;
    let hidden = bob.delete(&path).await.expect(404).without_request_id();
    let missing = bob.delete(&format!("{SESSIONS}/999999")).await.expect(404);
    assert_eq!(hidden, missing.without_request_id());
    here.admin().await.delete(&path).await.expect(404);
    bearer(&here, &first).get(ME).await.expect(200);

    ann.delete(&path).await.expect(204);
    bearer(&here, &first).get(ME).await.expect(401);
    a_second_later(&there).await;
    bearer(&there, &first).get(ME).await.expect(401);
    refresh(&here, &text(&first, "refresh_token")).await.expect(401);
    ann.delete(&path).await.expect(404);
    ann.get(ME).await.expect(200);
    app_routes_are_closed_to_guests(&here, &path).await;
    there.stop().await;
    here.stop().await;
}

#[tokio::test]
async fn t32_all_others_end_and_this_one_stays() {
    let here = start().await;
    let there = TestApp::builder().start_beside(&here, &MODULES).await;
    let (first, second) = (sign_in_ann(&here).await, sign_in_ann(&there).await);
    let this = sign_in_ann(&here).await;
    let bob = here.user("bob").await;
    bearer(&here, &second).get(ME).await.expect(200);
    bearer(&there, &first).get(ME).await.expect(200);

    bearer(&here, &this).post(OTHERS, json!({})).await.expect(204);
    a_second_later(&there).await;
    for ended in [&first, &second] {
        bearer(&here, ended).get(ME).await.expect(401);
        bearer(&there, ended).get(ME).await.expect(401);
        refresh(&there, &text(ended, "refresh_token")).await.expect(401);
    }
    bearer(&there, &this).get(ME).await.expect(200);
    refresh(&here, &text(&this, "refresh_token")).await.expect(200);
    bob.get(ME).await.expect(200);
    there.stop().await;
    here.stop().await;
}

async fn app_routes_are_closed_to_guests(app: &TestApp, path: &str) {
    app.guest().delete(path).await.expect(401);
    app.guest().post(OTHERS, json!({})).await.expect(401);
}

async fn start() -> TestApp {
    let app = TestApp::start(&MODULES).await;
    make_user(&app, "ann").await;
    app
}

async fn sign_in_ann(app: &TestApp) -> Reply {
    sign_in(app, "ann", PASSWORD).await.expect(200)
}

async fn own(client: &Client) -> Vec<Value> {
    client.get(SESSIONS).await.expect(200).at("data").as_array().unwrap().clone()
}
